"""Python's side of the cross-check with the scripts: what it seals, and how it reads the answer.

tests/js/peer.mjs is the other side, in Node and in the pages of real browsers.
"""

from typing import Any

from havenlight.core.ids import new_id
from havenlight.core.seal import envelope, keys, manifest, phrase, tab, wraps
from havenlight.core.seal.encoding import b64, unb64
from havenlight.core.seal.reading import Outcome, Reader
from tests.vectors import SEAL

Json = dict[str, Any]

EPOCH: int = SEAL["epoch"]
TEAM = keys.read_pkcs8(bytes.fromhex(SEAL["keys"]["team"]["private"]))
ANNA = keys.read_pkcs8(bytes.fromhex(SEAL["keys"]["anna"]["private"]))
ORG = keys.read_pkcs8(bytes.fromhex(SEAL["keys"]["org"]["private"]))
ANNA_ID: str = SEAL["keys"]["anna"]["id"]
ANNA_SENDER: str = SEAL["keys"]["anna"]["sender"]

TEXTS = ("hoi", "é 😊 \x00\u2028", "x" * 2_000)
CONVERSATION = new_id()
K = wraps.new_conversation_key()


def sealed_by_python() -> Json:
    """A conversation of a visitor, and the keys with which Anna opens it."""
    words, salt = phrase.new_phrase(), bytes(16)
    kdf = {"name": phrase.KDF_NAME, "salt": b64(salt), "iterations": 1_000}
    kek = phrase.kek(words, salt, 1_000)
    signed = manifest.verify(SEAL["manifest"]["signed"], keys.public_of(ORG))
    return {
        "phrase": words.upper(),
        "kdf": kdf,
        "member_wrap": b64(wraps.wrap_member(ANNA, kek, ANNA_ID)),
        "team_wrap": b64(wraps.wrap_team(TEAM, keys.public_of(ANNA), ANNA_ID, EPOCH)),
        "manifest": manifest.sign(signed, ORG),
        "conv": CONVERSATION,
        "wrap": b64(wraps.wrap_conversation(K, keys.public_of(TEAM), CONVERSATION, EPOCH)),
        "messages": [_message(n, text) for n, text in enumerate(TEXTS, start=1)],
    }


def _message(n: int, text: str) -> Json:
    place = envelope.Place(CONVERSATION, "v", n, new_id())
    said = envelope.Said(text, (n - 1, 0), 29_650_000)
    sealed = envelope.seal(said, place, envelope.message_key(K, CONVERSATION, "v"))
    return {"seq": n, "from": "v", "n": n, "id": place.id, "env": b64(sealed)}


def check_answer(answer: Json) -> None:
    """Fail unless the script read all of it, and Python reads what the script sealed."""
    assert answer["read"] == list(TEXTS)
    assert answer["manifest"] == EPOCH
    said = [("v", _message(n, text)) for n, text in enumerate(TEXTS, start=1)]
    replies = [(ANNA_SENDER, entry) for entry in answer["replies"]]
    assert _texts(K, CONVERSATION, said + replies) == [*TEXTS, "hallo", "é 😊 \x00", "x" * 2_000]
    _check_visitor(answer["visitor"])


def _check_visitor(visitor: Json) -> None:
    body = visitor["body"]
    conversation, secret = body["conv"], unb64(visitor["secret"])
    key = wraps.unwrap_conversation(unb64(body["wrap"]), TEAM, conversation, EPOCH)
    assert tab.half(unb64(body["half"]), secret, conversation) == key
    credential = tab.credential(secret, conversation)
    assert unb64(visitor["tab_key"]) == credential
    assert unb64(body["tab_key"]) == credential
    assert visitor["texts"] == ["eerste"]
    entries = [("v", entry) for entry in visitor["entries"]]
    assert _texts(key, conversation, entries) == ["eerste", "tweede"]


def _texts(key: bytes, conversation: str, entries: list[tuple[str, Json]]) -> list[str]:
    reader, texts = Reader(key, conversation), []
    for seq, (sender, entry) in enumerate(entries, start=1):
        place = envelope.Place(conversation, sender, entry["n"], entry["id"])
        reading = reader.read(seq, place, unb64(entry["env"]))
        assert reading is not None
        assert reading.outcome is Outcome.READ, reading
        assert reading.said is not None
        assert not reading.missing
        texts.append(reading.said.text)
    return texts
