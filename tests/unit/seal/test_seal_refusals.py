"""What seal must not open, read or write."""

import dataclasses
from collections.abc import Callable

import pytest

from havenlight.core.ids import new_id
from havenlight.core.seal import code, envelope, keys, manifest, phrase, wraps
from havenlight.core.seal.encoding import b64, id_bytes, u32, unb64
from havenlight.core.seal.errors import (
    EncodingRefused,
    KeyRefused,
    ManifestRefused,
    SealBroken,
    TextRefused,
)
from havenlight.core.seal.reading import GapFound, Outcome, Reader

K = bytes(range(32))
CONVERSATION = "0" * 31 + "1"
ANNA, BRAM = "c:" + "a" * 16, "c:" + "b" * 16
PLACE = envelope.Place(CONVERSATION, ANNA, 3, "2" * 32)
SAID = envelope.Said("hoi", (1, 2), 29_650_000)


def opened(sealed: bytes, place: envelope.Place) -> envelope.Said:
    key = envelope.message_key(K, place.conversation, place.sender)
    return envelope.open_envelope(sealed, place, key)


def sealed_here(said: envelope.Said = SAID) -> bytes:
    return envelope.seal(said, PLACE, envelope.message_key(K, CONVERSATION, ANNA))


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"conversation": new_id()},
        {"sender": "v"},
        {"sender": BRAM},
        {"n": 2},
        {"id": new_id()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_envelope_opens_only_in_its_place(elsewhere: dict[str, object]) -> None:
    sealed = sealed_here()
    assert opened(sealed, PLACE) == SAID
    with pytest.raises(SealBroken):
        opened(sealed, dataclasses.replace(PLACE, **elsewhere))


def test_an_envelope_of_another_version_is_refused_even_if_it_would_open() -> None:
    with pytest.raises(SealBroken, match="version"):
        opened(b"\x02" + sealed_here()[1:], PLACE)


@pytest.mark.parametrize("size", [0, 1, 12, 13, 28, 284])
def test_a_truncated_envelope_is_refused(size: int) -> None:
    with pytest.raises(SealBroken):
        opened(sealed_here()[:size], PLACE)


@pytest.mark.parametrize("sender", ["", "c", "v1", "c:AAAAAAAAAAAAAAAA", "c:é"])
def test_a_place_has_a_sender_in_one_of_two_forms(sender: str) -> None:
    with pytest.raises(EncodingRefused):
        dataclasses.replace(PLACE, sender=sender).aad()


@pytest.mark.parametrize("text", ["", "x" * 2_001, "half \ud83d", "\x01" * 2_000])
def test_a_text_that_does_not_fit_in_one_message_is_refused(text: str) -> None:
    with pytest.raises(TextRefused):
        sealed_here(dataclasses.replace(SAID, text=text))


def test_errors_of_seal_tell_nothing_of_the_text() -> None:
    with pytest.raises(TextRefused) as refused:
        sealed_here(dataclasses.replace(SAID, text="geheim\ud83d"))
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("text", ["AA==", "AB", "A", "A A", "++", "//", "é", "AA\n"])
def test_base64url_has_one_spelling(text: str) -> None:
    with pytest.raises(EncodingRefused):
        unb64(text)


@pytest.mark.parametrize("identifier", ["", "0" * 31, "A" * 32, "0" * 32 + "\n"])
def test_an_identifier_has_one_spelling(identifier: str) -> None:
    with pytest.raises(EncodingRefused):
        id_bytes(identifier)


@pytest.mark.parametrize("number", [-1, 2**32])
def test_a_number_outside_four_bytes_is_refused(number: int) -> None:
    with pytest.raises(EncodingRefused):
        u32(number)


def test_wraps_open_only_for_their_holder_in_their_place() -> None:
    team, anna, bram = keys.new_key(), keys.new_key(), keys.new_key()
    conversation, other = new_id(), new_id()
    conversation_wrap = wraps.wrap_conversation(K, keys.public_of(team), conversation, 1)
    team_wrap = wraps.wrap_team(team, keys.public_of(anna), conversation, 1)
    kek = bytes(32)
    member_wrap = wraps.wrap_member(anna, kek, conversation)
    refused: list[Callable[[], object]] = [
        lambda: wraps.unwrap_conversation(conversation_wrap, team, other, 1),
        lambda: wraps.unwrap_conversation(conversation_wrap, team, conversation, 2),
        lambda: wraps.unwrap_conversation(conversation_wrap, anna, conversation, 1),
        lambda: wraps.unwrap_conversation(conversation_wrap[:-1], team, conversation, 1),
        lambda: wraps.unwrap_conversation(conversation_wrap[:64], team, conversation, 1),
        lambda: wraps.unwrap_conversation(b"", team, conversation, 1),
        lambda: wraps.unwrap_team(team_wrap, bram, conversation, 1),
        lambda: wraps.unwrap_team(team_wrap, anna, other, 1),
        lambda: wraps.unwrap_team(team_wrap, anna, conversation, 2),
        lambda: wraps.unwrap_member(member_wrap, b"\x01" * 32, conversation),
        lambda: wraps.unwrap_member(member_wrap, kek, other),
        lambda: wraps.unwrap_member(member_wrap[:11], kek, conversation),
    ]
    for unwrap in refused:
        with pytest.raises(SealBroken):
            unwrap()


def test_a_wrap_that_holds_no_conversation_key_is_refused() -> None:
    team = keys.new_key()
    with pytest.raises(KeyRefused):
        wraps.wrap_conversation(b"short", keys.public_of(team), CONVERSATION, 1)


def test_keys_of_another_form_or_curve_are_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    point = keys.public_of(keys.new_key())
    compressed = b"\x02" + point[1:33]
    for raw in (b"", point[:-1], compressed, b"\x04" + bytes(64)):
        with pytest.raises(KeyRefused):
            keys.read_public(raw)
    other_curve = keys.to_pkcs8(ec.generate_private_key(ec.SECP384R1()))
    other_kind = keys.to_pkcs8(ed25519.Ed25519PrivateKey.generate())  # type: ignore[arg-type]
    for raw in (b"", b"no key", other_curve, other_kind):
        with pytest.raises(KeyRefused):
            keys.read_pkcs8(raw)


def test_a_manifest_is_signed_by_the_key_it_names_and_no_other() -> None:
    from tests.vectors import SEAL

    org = bytes.fromhex(SEAL["keys"]["org"]["public"])
    read = manifest.verify(SEAL["manifest"]["signed"], org)
    with pytest.raises(ManifestRefused):
        manifest.sign(read, keys.new_key())


@pytest.mark.parametrize(
    "change",
    [{"epoch": 2**32}, {"members": {"no id": b""}}, {"prev": b"short"}, {"demo": 1}],
    ids=lambda change: next(iter(change)),
)
def test_a_manifest_with_a_value_out_of_range_is_refused(change: dict[str, object]) -> None:
    from tests.vectors import SEAL

    key = keys.new_key()
    org = bytes.fromhex(SEAL["keys"]["org"]["public"])
    good = manifest.verify(SEAL["manifest"]["signed"], org)
    bad = dataclasses.replace(good, **{"org": keys.public_of(key), **change})
    with pytest.raises(ManifestRefused):
        manifest.verify(manifest.sign(bad, key), keys.public_of(key), allow_demo=True)


@pytest.mark.parametrize("language", ["en", "nl", "ti"])
def test_a_phrase_is_six_words_and_has_66_bits_or_more(language: str) -> None:
    words = phrase.word_list(language)
    assert len(set(words)) == len(words)
    assert len(words) ** phrase.WORDS >= 2**66
    made = phrase.new_phrase(language)
    assert len(made.split()) == phrase.WORDS
    assert set(made.split()) <= set(words)
    assert phrase.normalised(made) == made
    assert phrase.new_phrase(language) != made


def test_a_code_opens_no_other_conversation_and_no_other_code_opens_this_one() -> None:
    sealed = code.wrap(K, bytes(32), CONVERSATION)
    assert code.unwrap(sealed, bytes(32), CONVERSATION) == K
    for key, conversation, wrap in (
        (b"\x01" * 32, CONVERSATION, sealed),
        (bytes(32), new_id(), sealed),
        (bytes(32), CONVERSATION, sealed[:-1]),
        (bytes(32), CONVERSATION, b""),
    ):
        with pytest.raises(SealBroken):
            code.unwrap(wrap, key, conversation)


def test_a_reader_takes_nothing_before_its_turn_and_nothing_twice() -> None:
    reader = Reader(K, CONVERSATION)
    first = dataclasses.replace(PLACE, n=1)
    sealed = envelope.seal(SAID, first, reader.key_for(ANNA))
    with pytest.raises(GapFound):
        reader.read(2, first, sealed)
    assert reader.read(1, first, sealed) is not None
    assert reader.read(1, first, sealed) is None
    assert reader.seq == 1


@pytest.mark.parametrize("sender", ["v1", "c", "x"])
def test_a_false_sender_is_unreadable_and_spoils_no_key(sender: str) -> None:
    reader = Reader(K, CONVERSATION)
    false = reader.read(1, dataclasses.replace(PLACE, sender=sender), sealed_here())
    assert false is not None
    assert false.outcome is Outcome.UNREADABLE
    for real in ("v", ANNA):
        assert reader.key_for(real) == envelope.message_key(K, CONVERSATION, real)


def test_what_a_reader_holds_is_what_it_read() -> None:
    reader = Reader(K, CONVERSATION)
    for seq, (sender, n) in enumerate([("v", 1), (ANNA, 1), (BRAM, 1), ("v", 3)], start=1):
        place = envelope.Place(CONVERSATION, sender, n, new_id())
        said = envelope.Said("hoi", (0, 0), 1)
        reader.read(seq, place, envelope.seal(said, place, reader.key_for(sender)))
    assert reader.seen == (2, 2)
    assert reader.last_n("v") == 3


def test_bytes_over_the_wire_have_no_padding() -> None:
    assert b64(b"\xff\xfe") == "__4"


def test_what_was_said_is_not_in_its_repr() -> None:
    assert "geheim" not in repr(envelope.Said("geheim", (0, 0), 1))
