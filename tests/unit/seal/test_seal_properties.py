"""Whatever is sealed comes back, and nothing else does."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from havenlight.core.seal import envelope, hpke, keys, phrase, tab
from havenlight.core.seal.encoding import b64, unb64
from havenlight.core.seal.errors import EncodingRefused, SealBroken, TextRefused

SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
KEY = keys.new_key()

# A machine that is busy is no defect, so there is no deadline.
some = settings(max_examples=40, deadline=None)
many = settings(max_examples=5_000, deadline=None)

ids = st.binary(min_size=16, max_size=16).map(bytes.hex)
u32s = st.integers(0, 2**32 - 1)
secrets = st.binary(min_size=32, max_size=32)
senders = st.just("v") | st.binary(min_size=8, max_size=8).map(lambda raw: f"c:{raw.hex()}")
places = st.builds(envelope.Place, ids, senders, u32s, ids)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=2_000)
saids = st.builds(envelope.Said, texts, st.tuples(u32s, u32s), u32s)


@some
@given(said=saids, place=places, key=secrets)
def test_a_message_comes_back_as_it_was_said(
    said: envelope.Said, place: envelope.Place, key: bytes
) -> None:
    try:
        sealed = envelope.seal(said, place, key)
    except TextRefused:
        # Control characters alone take six bytes each.
        assert len(said.text) > 1_900
        return
    assert len(sealed) % 256 == 29
    assert len(sealed) <= envelope.ENVELOPE_BYTES
    assert envelope.open_envelope(sealed, place, key) == said


@some
@given(place=places, other=places, key=secrets)
def test_no_other_place_opens_a_message(
    place: envelope.Place, other: envelope.Place, key: bytes
) -> None:
    sealed = envelope.seal(envelope.Said("hoi", (0, 0), 1), place, key)
    if other != place:
        with pytest.raises(SealBroken):
            envelope.open_envelope(sealed, other, key)


@some
@given(at=st.integers(0, 284), bit=st.integers(0, 7))
def test_no_altered_bit_goes_unnoticed(at: int, bit: int) -> None:
    place = envelope.Place("0" * 32, "v", 1, "1" * 32)
    sealed = bytearray(envelope.seal(envelope.Said("hoi", (0, 0), 1), place, bytes(32)))
    sealed[at] ^= 1 << bit
    with pytest.raises(SealBroken):
        envelope.open_envelope(bytes(sealed), place, bytes(32))


@some
@given(noise=st.binary(max_size=400))
def test_noise_never_opens(noise: bytes) -> None:
    place = envelope.Place("0" * 32, "v", 1, "1" * 32)
    with pytest.raises(SealBroken):
        envelope.open_envelope(noise, place, bytes(32))
    with pytest.raises(SealBroken):
        hpke.open_with(KEY, b"", noise)


@some
@given(raw=st.binary())
def test_bytes_come_back_from_their_text(raw: bytes) -> None:
    assert unb64(b64(raw)) == raw


@some
@given(text=st.text(max_size=8) | st.text("AQgwEIM9_-+/=\n", max_size=8))
def test_a_text_that_is_read_is_the_one_that_would_be_written(text: str) -> None:
    try:
        raw = unb64(text)
    except EncodingRefused:
        return
    assert b64(raw) == text


@some
@given(plaintext=st.binary(max_size=200), info=st.binary(max_size=200))
def test_pyhpke_opens_what_we_seal_and_we_open_what_it_seals(plaintext: bytes, info: bytes) -> None:
    sealed = hpke.seal_to(keys.public_of(KEY), info, plaintext)
    private = KEMKey.from_pyca_cryptography_key(KEY)
    recipient = SUITE.create_recipient_context(sealed[:65], private, info)
    assert recipient.open(sealed[65:]) == plaintext
    public = KEMKey.from_pyca_cryptography_key(KEY.public_key())
    enc, sender = SUITE.create_sender_context(public, info)
    assert hpke.open_with(KEY, info, enc + sender.seal(plaintext)) == plaintext


@some
@given(key=secrets, secret=secrets, conversation=ids)
def test_half_and_secret_give_the_key_and_neither_is_it(
    key: bytes, secret: bytes, conversation: str
) -> None:
    half = tab.half(key, secret, conversation)
    assert tab.half(half, secret, conversation) == key
    assert tab.credential(secret, conversation) not in {half, key}


@some
@given(typed=st.text())
def test_a_phrase_is_normalised_once_and_for_all(typed: str) -> None:
    once = phrase.normalised(typed)
    assert phrase.normalised(unicodedata.normalize("NFKC", once)) == phrase.normalised(once)
    assert "  " not in once
    assert once == once.strip(" ")


@pytest.mark.long
@many
@given(said=saids, place=places, key=secrets)
def test_whatever_is_said_comes_back(
    said: envelope.Said, place: envelope.Place, key: bytes
) -> None:
    try:
        sealed = envelope.seal(said, place, key)
    except TextRefused:
        return
    assert envelope.open_envelope(sealed, place, key) == said
