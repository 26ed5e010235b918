"""Writes seal.json, the protocol's own test vectors: `python -m tests.vectors.make_seal`.

It builds every value of docs/protocol.md, sections 2 to 4 and 8, from primitives alone and imports
nothing of Havenlight, so that the vectors say what the page says and not what our code does.
"""

import hashlib
import hmac
import json
import unicodedata
from base64 import b32encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from tests.vectors.seal_primitives import (
    ANNA,
    ANNA_ID,
    ANNA_SENDER,
    BRAM,
    BRAM_ID,
    BRAM_SENDER,
    CONVERSATION,
    EPOCH,
    ITERATIONS,
    ORG,
    OTHER_CONVERSATION,
    RECOVERY,
    TEAM,
    Fields,
    K,
    T,
    b64,
    fixed,
    hkdf,
    hpke,
    key_fields,
    pad,
    pair,
    pkcs8,
    public,
    u32,
)


def member_wrap() -> Fields:
    """Anna's key under her phrase, typed as people type."""
    typed = "  Outwit bullish\tWACKINESS exploring neglector  ﬁnal\n"
    phrase = "outwit bullish wackiness exploring neglector final"
    assert " ".join(unicodedata.normalize("NFKC", typed).lower().split()) == phrase
    salt, nonce = fixed("salt", 16), fixed("nonce of the member wrap", 12)
    kek = hashlib.pbkdf2_hmac("sha256", phrase.encode(), salt, ITERATIONS)
    aad = b"havenlight/member/1|" + ANNA_ID
    return {
        "member": ANNA_ID.hex(),
        "typed": typed,
        "phrase": phrase,
        "kdf": {"name": "PBKDF2-SHA-256", "salt": b64(salt), "iterations": ITERATIONS},
        "kek": kek.hex(),
        "nonce": nonce.hex(),
        "aad": aad.hex(),
        "wrap": (nonce + AESGCM(kek).encrypt(nonce, pkcs8(ANNA), aad)).hex(),
    }


def passkey() -> Fields:
    """Anna's key under what her passkey gives."""
    output, nonce = fixed("output of the passkey"), fixed("nonce of the passkey's wrap", 12)
    kek = hkdf(output, b"", b"havenlight/member/1|prf|" + ANNA_ID)
    aad = b"havenlight/member/1|" + ANNA_ID
    return {
        "output": output.hex(),
        "kek": kek.hex(),
        "wrap": (nonce + AESGCM(kek).encrypt(nonce, pkcs8(ANNA), aad)).hex(),
    }


def signing_file() -> Fields:
    """The organisation's signing key in its file."""
    words = "mattress unwed sandlot dividers prewar catapult"
    salt, nonce = fixed("salt of the signing key", 16), fixed("nonce of the signing key", 12)
    kek = hashlib.pbkdf2_hmac("sha256", words.encode(), salt, ITERATIONS)
    aad = b"havenlight/signing/1|" + public(ORG)
    return {
        "phrase": words,
        "file": {
            "havenlight": "signing-key",
            "v": 1,
            "public": b64(public(ORG)),
            "salt": b64(salt),
            "iterations": ITERATIONS,
            "wrap": b64(nonce + AESGCM(kek).encrypt(nonce, pkcs8(ORG), aad)),
        },
    }


def recovery() -> Fields:
    """The recovery key as it is printed, and the team key sealed to it."""
    secret = RECOVERY.private_numbers().private_value.to_bytes(32, "big")
    check = hashlib.sha256(b"havenlight/recovery/1|code|" + secret).digest()[:3]
    text = b32encode(secret + check).decode()
    info = b"havenlight/recovery/1|" + u32(EPOCH)
    return {
        "code": "-".join(text[at : at + 4] for at in range(0, 56, 4)),
        "wrap": hpke(RECOVERY, info, pkcs8(TEAM), "the recovery wrap"),
    }


def return_code() -> Fields:
    """A return code, typed as people type, and a conversation key under it."""
    typed = "  Fiets ananas\tKABOUTER molen  zebra tulp\n"
    words = " ".join(typed.lower().split())
    salt = hashlib.sha256(b"havenlight/code/1|salt|" + public(ORG)).digest()[:16]
    stretched = hashlib.pbkdf2_hmac("sha256", words.encode(), salt, ITERATIONS)
    lookup = hkdf(stretched, b"", b"havenlight/code/1|lookup")
    key = hkdf(stretched, b"", b"havenlight/code/1|wrap")
    nonce, aad = fixed("nonce of the code wrap", 12), b"havenlight/code/1|conv|" + CONVERSATION
    return {
        "typed": typed,
        "salt": salt.hex(),
        "lookup": lookup.hex(),
        "lookup_sha256": hashlib.sha256(lookup).hexdigest(),
        "key": key.hex(),
        "wrap": (nonce + AESGCM(key).encrypt(nonce, K, aad)).hex(),
        "tab": in_tab(key).hex(),
    }


def in_tab(code_key: bytes) -> bytes:
    """A code's key under the conversation's, as a tab keeps it."""
    nonce = fixed("nonce of the tab code", 12)
    under = hkdf(K, CONVERSATION, b"havenlight/code/1|tab")
    return nonce + AESGCM(under).encrypt(nonce, code_key, None)


def asides() -> dict[str, Fields]:
    """What members write for each other: about a thread, about a conversation, about nothing."""
    body = json.dumps({"t": "é 😊", "at": 29_650_000}, ensure_ascii=False, separators=(",", ":"))
    made: dict[str, Fields] = {}
    for kind in ("note", "whisper", "room"):
        id_, subject = fixed(f"id of the {kind}", 16), fixed(f"subject of the {kind}", 16)
        subject = b"" if kind == "room" else subject
        info = f"havenlight/{kind}/1|".encode() + subject + id_ + u32(EPOCH)
        sealed = hpke(TEAM, info, pad(body.encode()), f"the {kind}")
        made[kind] = {"id": id_.hex(), "subject": subject.hex(), "text": "é 😊", **sealed}
    return made


def packages() -> dict[str, Fields]:
    """What goes between organisations, each to one key and about one referral."""
    ref = fixed("referral", 16)
    content = {"from": "Havenlight", "items": ["é 😊"], "made_at": 29_650_000}
    body = pad(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
    made: dict[str, Fields] = {}
    for kind, to in (("referral", BRAM), ("consent", TEAM), ("incoming", TEAM)):
        info = f"havenlight/{kind}/1|".encode() + ref + (b"" if to is BRAM else u32(EPOCH))
        made[kind] = {"ref": ref.hex(), "content": content, **hpke(to, info, body, f"the {kind}")}
    return made


def recipient_file() -> Fields:
    """A recipient's key in its file; capitals count in its passphrase."""
    typed, salt = "Een langere ﬁetstocht", fixed("salt of the recipient", 16)
    nonce, aad = fixed("nonce of the recipient", 12), b"havenlight/recipient/1|" + public(BRAM)
    passphrase = unicodedata.normalize("NFKC", typed).encode()
    kek = hashlib.pbkdf2_hmac("sha256", passphrase, salt, ITERATIONS)
    wrap = nonce + AESGCM(kek).encrypt(nonce, pkcs8(BRAM), aad)
    parts = {"public": b64(public(BRAM)), "salt": b64(salt), "iterations": ITERATIONS}
    return {"typed": typed, "file": {"havenlight": "key", "v": 1, **parts, "wrap": b64(wrap)}}


def work() -> Fields:
    """Work that was asked for, and its answer."""
    salt, number, iterations = fixed("salt of the work"), 7, 1_000
    target = hashlib.pbkdf2_hmac("sha256", b"havenlight/proof/1|", salt + u32(number), iterations)
    asked = {"salt": b64(salt), "iterations": iterations, "most": 400, "target": b64(target)}
    return {"asked": asked, "answer": f"{b64(salt)}.{number}"}


def message_key(sender: str) -> bytes:
    """The key of a direction."""
    return hkdf(K, CONVERSATION, b"havenlight/msgkey/1|" + sender[:1].encode())


def envelope(padded: bytes, sender: str, n: int, id_: bytes, nonce: bytes) -> tuple[bytes, bytes]:
    """The aad and the envelope of a message in the one conversation."""
    aad = b"havenlight/msg/1|" + CONVERSATION + sender.encode() + u32(n) + id_
    return aad, b"\x01" + nonce + AESGCM(message_key(sender)).encrypt(nonce, padded, aad)


def message(sender: str, n: int, text: str, seen: list[int], label: str = "") -> Fields:
    """One message with all that goes into it."""
    said = {"t": text, "seen": seen, "at": 29_650_000}
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    name = f"message {sender} {n} {label}"
    id_, nonce = fixed(f"id of {name}", 16), fixed(f"nonce of {name}", 12)
    aad, sealed = envelope(pad(body), sender, n, id_, nonce)
    return {
        "sender": sender,
        "n": n,
        "id": id_.hex(),
        "text": text,
        "seen": seen,
        "at": said["at"],
        "plaintext": pad(body).hex(),
        "nonce": nonce.hex(),
        "aad": aad.hex(),
        "env": b64(sealed),
    }


def messages() -> list[Fields]:
    """Texts of every width: one byte, a step of the padding, other scripts, the longest."""
    fills_a_step = "x" * (256 - 4 - len('{"t":"","seen":[1,0],"at":29650000}'))
    return [
        message("v", 1, "a", [0, 0]),
        message("v", 2, fills_a_step, [1, 0]),
        message("v", 3, fills_a_step + "x", [2, 0]),
        message(ANNA_SENDER, 1, "Fijn dat je er bent.\nHoe gaat het? 😊 “Zeg maar”", [3, 0]),
        message(BRAM_SENDER, 1, "مرحبا שלום 你好 \u0000\u2028", [3, 1]),
        message("v", 4, "😊" * 2_000, [3, 2]),
    ]


def malformed() -> list[Fields]:
    """Envelopes that open under the right key in the right place, and say what must be refused."""
    good = {"t": "a", "seen": [0, 0], "at": 1}
    bodies = {
        "no text": {**good, "t": ""},
        "2,001 code points": {**good, "t": "x" * 2_001},
        "text is a number": {**good, "t": 1},
        "half a character": {**good, "t": "\ud83d"},
        "one count": {**good, "seen": [0]},
        "three counts": {**good, "seen": [0, 0, 0]},
        "a negative count": {**good, "seen": [0, -1]},
        "a broken count": {**good, "seen": [0, 0.5]},
        "a count that is true": {**good, "seen": [True, 0]},
        "no minute": {"t": "a", "seen": [0, 0]},
        "a list": [],
        "null": None,
    }
    plaintexts = {name: pad(json.dumps(body).encode()) for name, body in bodies.items()}
    whole = pad(json.dumps(good).encode())
    plaintexts |= {
        "not JSON": pad(b"{"),
        "not UTF-8": pad(b'{"t":"\xff","seen":[0,0],"at":1}'),
        "no padding": whole.rstrip(b"\0"),
        "one step too many": whole + bytes(256),
        "something in the padding": whole[:-1] + b"\x01",
        "a length beyond the end": u32(1_000) + whole[4:],
        "empty": b"",
    }
    id_, nonce = fixed("id of a malformed message", 16), fixed("nonce", 12)
    return [
        {
            "what": what,
            "sender": "v",
            "n": 1,
            "id": id_.hex(),
            "env": b64(envelope(plaintext, "v", 1, id_, nonce)[1]),
        }
        for what, plaintext in plaintexts.items()
    ]


def reading() -> list[Fields]:
    """What comes in, in order of seq, and what a reader makes of it."""
    v, anna, bram = "v", ANNA_SENDER, BRAM_SENDER
    plan = [
        # sender, n, seen, outcome, missing
        (v, 1, [0, 0], "read", False),
        (anna, 1, [1, 0], "read", False),
        (v, 2, [1, 1], "read", False),
        (v, 4, [3, 1], "read", True),  # v 3 never came
        (v, 4, [3, 1], "repeated", False),
        (v, 2, [1, 1], "repeated", False),
        (anna, 2, [4, 1], "read", False),  # she has v 3; it was reported already
        (v, 5, [3, 4], "read", True),  # two of the members' are missing
        (v, 6, [4, 4], "read", False),  # ... and were reported
        (bram, 1, [5, 2], "read", False),  # came late, after it was reported
        (anna, 3, [6, 4], "read", False),
        (anna, 9, [6, 4], "unreadable", False),
        (anna, 5, [6, 5], "read", True),  # anna 4 never came
    ]
    rows = []
    for seq, (sender, n, seen, outcome, missing) in enumerate(plan, start=1):
        made = message(sender, n, f"{sender} {n}", seen, "reading")
        if outcome == "unreadable":
            made["env"] = message(bram, n, "elsewhere", seen, "reading")["env"]
        row = {name: made[name] for name in ("id", "n", "env")}
        text = made["text"] if outcome == "read" else None
        rows.append(
            {
                "seq": seq,
                "from": sender,
                **row,
                "outcome": outcome,
                "text": text,
                "missing": missing,
            }
        )
    return rows


def manifest() -> Fields:
    """A manifest, its signature (deterministic, RFC 6979) and what is derived from it."""
    said = {
        "v": 1,
        "org": b64(public(ORG)),
        "demo": False,
        "epoch": EPOCH,
        "team": b64(public(TEAM)),
        "recovery": b64(public(RECOVERY)),
        "members": [
            {"id": ANNA_ID.hex(), "key": b64(public(ANNA))},
            {"id": BRAM_ID.hex(), "key": b64(public(BRAM))},
        ],
        "from": "2026-05-01",
        "to": "2026-07-31",
        "prev": b64(fixed("former manifest")),
    }
    demo = {**said, "demo": True, "recovery": None, "prev": None}
    head = hashlib.sha256(b"havenlight/fp/1|" + public(ORG)).digest()[:15]
    groups = [int(head.hex()[at : at + 5], 16) % 100_000 for at in range(0, 30, 5)]
    return {
        "json": json.dumps(said, separators=(",", ":")),
        "signed": signed(said),
        "digest": hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest(),
        "demo": signed(demo),
        "refused": {
            "version 2": signed({**said, "v": 2}),
            "another organisation": signed({**said, "org": b64(public(BRAM))}),
            "epoch 0": signed({**said, "epoch": 0}),
            "epoch is text": signed({**said, "epoch": "7"}),
            "demo is neither": signed({**said, "demo": None}),
            "the team key is no point": signed({**said, "team": b64(b"\x04" + bytes(64))}),
            "signed by another": signed(said, BRAM),
            "one part": signed(said).split(".", maxsplit=1)[0],
            "three parts": signed(said) + ".",
            "padded": signed(said) + "==",
        },
        "fingerprint": " ".join(f"{group:05}" for group in groups),
        **following(said),
    }


def following(former: Fields) -> Fields:
    """What may take the place of a manifest, and what may not."""
    prev = b64(hashlib.sha256(json.dumps(former, separators=(",", ":")).encode()).digest())
    carol = {"id": fixed("carol id", 16).hex(), "key": b64(public(pair("carol")))}
    anna, bram = former["members"]
    same = {**former, "prev": prev}
    new = {**same, "epoch": EPOCH + 1, "team": b64(public(pair("next team")))}
    without = {"members": [anna]}
    return {
        "follows": {
            "a member came": signed({**same, "members": [anna, bram, carol]}),
            "a member has another key": signed({**same, "members": [anna, {**bram, **key(carol)}]}),
            "a new epoch": signed(new),
            "a new epoch without a member": signed({**new, **without}),
        },
        "does_not_follow": {
            "another former manifest": signed({**new, "prev": former["prev"]}),
            "none before it": signed({**new, "prev": None}),
            "a member went inside the epoch": signed({**same, **without}),
            "another team key inside the epoch": signed({**same, "team": new["team"]}),
            "no recovery key inside the epoch": signed({**same, "recovery": None}),
            "longer inside the epoch": signed({**same, "to": "2027-07-31"}),
            "an epoch is left out": signed({**new, "epoch": EPOCH + 2}),
            "an earlier epoch": signed({**new, "epoch": EPOCH - 1}),
            "a new epoch with the old key": signed({**same, "epoch": EPOCH + 1}),
            "a demo's": signed({**new, "demo": True}),
            "signed by another": signed(new, BRAM),
        },
    }


def key(member: Fields) -> Fields:
    """The key of a member of the roster."""
    return {"key": member["key"]}


def signed(said: Fields, key: ec.EllipticCurvePrivateKey = ORG) -> str:
    """The manifest as it is published."""
    body = json.dumps(said, separators=(",", ":")).encode()
    der = key.sign(body, ec.ECDSA(SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(der)
    return f"{b64(body)}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def tokens() -> list[Fields]:
    """A token of each role."""
    secret = fixed("server secret")
    rows = []
    for role, subject, sender in (
        ("v", CONVERSATION.hex(), "v"),
        ("c", ANNA_ID.hex(), ANNA_SENDER),
    ):
        conversations = [CONVERSATION.hex()] + [OTHER_CONVERSATION.hex()] * (role == "c")
        claims = [role, subject, sender, conversations, 1_779_000_600]
        body = json.dumps(claims, separators=(",", ":")).encode()
        mac = hmac.digest(secret, b"havenlight/token/1|" + body, "sha256")
        rows.append(
            {"secret": secret.hex(), "claims": body.decode(), "token": f"{b64(body)}.{b64(mac)}"}
        )
    return rows


def vectors() -> Fields:
    """Everything, in the order of the table in docs/protocol.md."""
    mask = hkdf(T, b"", b"havenlight/tab/1|mask|" + CONVERSATION)
    credential = hkdf(T, b"", b"havenlight/tab/1|auth|" + CONVERSATION)
    conv_info = b"havenlight/conv/1|" + CONVERSATION + u32(EPOCH)
    team_info = b"havenlight/team/1|" + u32(EPOCH) + ANNA_ID
    return {
        "about": "docs/protocol.md, sections 2 to 4 and 8; bytes in hexadecimal, except what the "
        "page says goes over the wire in base64url. Written by make_seal.py.",
        "epoch": EPOCH,
        "keys": {
            "org": key_fields(ORG),
            "team": key_fields(TEAM),
            "recovery": key_fields(RECOVERY),
            "anna": {**key_fields(ANNA), "id": ANNA_ID.hex(), "sender": ANNA_SENDER},
            "bram": {**key_fields(BRAM), "id": BRAM_ID.hex(), "sender": BRAM_SENDER},
        },
        "conversation": CONVERSATION.hex(),
        "other_conversation": OTHER_CONVERSATION.hex(),
        "conversation_key": K.hex(),
        "conversation_wrap": hpke(TEAM, conv_info, K, "the conversation wrap"),
        "team_wrap": hpke(ANNA, team_info, pkcs8(TEAM), "the team wrap"),
        "member_wrap": member_wrap(),
        "passkey": passkey(),
        "signing": signing_file(),
        "recovery": recovery(),
        "message_keys": {"v": message_key("v").hex(), "c": message_key("c:").hex()},
        "messages": messages(),
        "malformed": malformed(),
        "reading": reading(),
        "tab": {
            "secret": T.hex(),
            "id": hkdf(T, b"", b"havenlight/tab/1|id")[:16].hex(),
            "credential": credential.hex(),
            "credential_sha256": hashlib.sha256(credential).hexdigest(),
            "mask": mask.hex(),
            "half": bytes(a ^ b for a, b in zip(K, mask, strict=True)).hex(),
        },
        "code": return_code(),
        "asides": asides(),
        "packages": packages(),
        "recipient": recipient_file(),
        "work": work(),
        "manifest": manifest(),
        "tokens": tokens(),
    }


if __name__ == "__main__":
    path = Path(__file__).with_name("seal.json")
    path.write_text(json.dumps(vectors(), indent=1) + "\n", encoding="ascii")
