"""Python's seal against the published numbers: RFC 9180's, and the protocol's own."""

from typing import Any

import pytest
from cryptography.hazmat.primitives import hpke as library
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from havenlight.core import tokens, work
from havenlight.core.seal import (
    asides,
    code,
    envelope,
    hpke,
    kept,
    keys,
    manifest,
    packages,
    phrase,
    tab,
    wraps,
)
from havenlight.core.seal.encoding import b64, unb64
from havenlight.core.seal.errors import KeyRefused, ManifestRefused, SealBroken
from havenlight.core.seal.reading import Reader
from tests.vectors import RFC9180, SEAL
from tests.vectors.make_seal import vectors as made_anew

RFC_HEX = ["ikmE", "skRm", "info", "enc", "key", "base_nonce", "aad", "pt", "ct"]
RFC = {name: bytes.fromhex(RFC9180[name]) for name in RFC_HEX}
KEYS = SEAL["keys"]
CONVERSATION = SEAL["conversation"]
K = bytes.fromhex(SEAL["conversation_key"])


def private(name: str) -> keys.PrivateKey:
    return keys.read_pkcs8(bytes.fromhex(KEYS[name]["private"]))


def public(name: str) -> bytes:
    return bytes.fromhex(KEYS[name]["public"])


def place_of(message: dict[str, Any]) -> envelope.Place:
    return envelope.Place(CONVERSATION, message["sender"], message["n"], message["id"])


def key_for(message: dict[str, Any]) -> bytes:
    return envelope.message_key(K, CONVERSATION, message["sender"])


def rfc_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())


def test_the_library_opens_the_published_ciphertext_of_rfc_9180() -> None:
    suite = library.Suite(library.KEM.P256, library.KDF.HKDF_SHA256, library.AEAD.AES_256_GCM)
    opened = library.rust_openssl.hpke._decrypt_with_aad(
        suite, RFC["enc"] + RFC["ct"], rfc_key(RFC["skRm"]), info=RFC["info"], aad=RFC["aad"]
    )
    assert opened == RFC["pt"]


def test_pyhpke_writes_the_published_ciphertext_of_rfc_9180() -> None:
    suite = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
    to = KEMKey.from_pyca_cryptography_key(rfc_key(RFC["skRm"]).public_key())
    ephemeral = suite.kem.derive_key_pair(RFC["ikmE"])
    enc, context = suite.create_sender_context(to, RFC["info"], eks=ephemeral)
    assert (enc, context.seal(RFC["pt"], RFC["aad"])) == (RFC["enc"], RFC["ct"])


def test_open_with_follows_the_published_key_schedule_of_rfc_9180() -> None:
    """The protocol has no AAD where the published ciphertext has one; key and nonce are theirs."""
    ciphertext = AESGCM(RFC["key"]).encrypt(RFC["base_nonce"], RFC["pt"], b"")
    sealed = RFC["enc"] + ciphertext
    assert hpke.open_with(rfc_key(RFC["skRm"]), RFC["info"], sealed) == RFC["pt"]


def test_the_vectors_are_what_their_script_writes() -> None:
    assert made_anew() == SEAL


@pytest.mark.parametrize("name", KEYS)
def test_a_key_is_read_and_written_to_the_byte(name: str) -> None:
    key = private(name)
    assert keys.public_of(key).hex() == KEYS[name]["public"]
    assert keys.to_pkcs8(key).hex() == KEYS[name]["private"]


@pytest.mark.parametrize("name", ["anna", "bram"])
def test_a_member_is_named_by_the_hash_of_her_key(name: str) -> None:
    assert keys.sender_of(public(name)) == KEYS[name]["sender"]


def test_the_conversation_wrap_opens() -> None:
    wrap = bytes.fromhex(SEAL["conversation_wrap"]["sealed"])
    assert len(wrap) == 113
    assert wraps.unwrap_conversation(wrap, private("team"), CONVERSATION, SEAL["epoch"]) == K


def test_the_team_wrap_opens() -> None:
    wrap = bytes.fromhex(SEAL["team_wrap"]["sealed"])
    assert len(wrap) == 219
    team = wraps.unwrap_team(wrap, private("anna"), KEYS["anna"]["id"], SEAL["epoch"])
    assert keys.public_of(team) == public("team")


def test_the_member_wrap_opens_however_the_phrase_is_typed() -> None:
    vector = SEAL["member_wrap"]
    assert phrase.normalised(vector["typed"]) == vector["phrase"]
    kdf = vector["kdf"]
    kek = phrase.kek(vector["typed"], unb64(kdf["salt"]), kdf["iterations"])
    assert kek.hex() == vector["kek"]
    wrap = bytes.fromhex(vector["wrap"])
    assert len(wrap) == 166
    assert keys.public_of(wraps.unwrap_member(wrap, kek, vector["member"])) == public("anna")


def test_the_member_wrap_of_a_passkey_opens() -> None:
    vector, member = SEAL["passkey"], KEYS["anna"]["id"]
    kek = phrase.passkey_kek(bytes.fromhex(vector["output"]), member)
    assert kek.hex() == vector["kek"]
    opened = wraps.unwrap_member(bytes.fromhex(vector["wrap"]), kek, member)
    assert keys.public_of(opened) == public("anna")


def test_the_file_of_the_signing_key_opens_with_its_phrase_alone() -> None:
    file, words = SEAL["signing"]["file"], SEAL["signing"]["phrase"]
    salt, wrap = unb64(file["salt"]), unb64(file["wrap"])
    locked = kept.Locked(unb64(file["public"]), salt, file["iterations"], wrap)
    assert keys.public_of(kept.unlock(locked, words.upper())) == public("org")
    with pytest.raises(SealBroken):
        kept.unlock(locked, "another phrase")
    again = kept.lock(private("org"), words)
    assert again.salt != salt
    assert keys.public_of(kept.unlock(again, words)) == public("org")


def test_the_recovery_key_is_read_from_paper() -> None:
    printed = SEAL["recovery"]["code"]
    assert kept.recovery_code(private("recovery")) == printed
    for typed in (printed, printed.lower().replace("-", " "), printed.replace("O", "0")):
        assert keys.public_of(kept.read_recovery_code(typed)) == public("recovery")
    other = ("A" if printed[0] != "A" else "B") + printed[1:]
    for wrong in (other, printed[:-5], "", "é"):
        with pytest.raises(KeyRefused):
            kept.read_recovery_code(wrong)


def test_the_recovery_wrap_opens_in_its_epoch_alone() -> None:
    wrap, epoch = bytes.fromhex(SEAL["recovery"]["wrap"]["sealed"]), SEAL["epoch"]
    assert keys.public_of(wraps.unwrap_recovery(wrap, private("recovery"), epoch)) == public("team")
    with pytest.raises(SealBroken):
        wraps.unwrap_recovery(wrap, private("recovery"), epoch + 1)
    again = wraps.wrap_recovery(private("team"), public("recovery"), epoch)
    opened = wraps.unwrap_recovery(again, private("recovery"), epoch)
    assert keys.public_of(opened) == public("team")


def test_the_defaults_of_a_phrase_are_those_of_the_vectors() -> None:
    kdf = SEAL["member_wrap"]["kdf"]
    assert (kdf["name"], kdf["iterations"]) == (phrase.KDF_NAME, phrase.ITERATIONS)
    assert len(unb64(kdf["salt"])) == phrase.SALT_BYTES


@pytest.mark.parametrize("side", ["v", "c"])
def test_each_direction_has_its_key(side: str) -> None:
    sender = "v" if side == "v" else KEYS["anna"]["sender"]
    assert envelope.message_key(K, CONVERSATION, sender).hex() == SEAL["message_keys"][side]


@pytest.mark.parametrize("message", SEAL["messages"], ids=lambda message: message["sender"])
def test_a_message_opens(message: dict[str, Any]) -> None:
    place = place_of(message)
    assert place.aad().hex() == message["aad"]
    said = envelope.open_envelope(unb64(message["env"]), place, key_for(message))
    assert said == envelope.Said(message["text"], tuple(message["seen"]), message["at"])


@pytest.mark.parametrize("message", SEAL["messages"], ids=lambda message: message["sender"])
def test_a_message_is_padded_as_the_vectors_say(message: dict[str, Any]) -> None:
    said = envelope.Said(message["text"], tuple(message["seen"]), message["at"])
    key, place = key_for(message), place_of(message)
    sealed = envelope.seal(said, place, key)
    padded = AESGCM(key).decrypt(sealed[1:13], sealed[13:], place.aad())
    assert padded.hex() == message["plaintext"]


@pytest.mark.parametrize("message", SEAL["malformed"], ids=lambda message: message["what"])
def test_a_message_that_opens_is_refused_when_it_says_no_message(message: dict[str, Any]) -> None:
    with pytest.raises(SealBroken):
        envelope.open_envelope(unb64(message["env"]), place_of(message), key_for(message))


def test_a_reader_notices_repeats_what_does_not_open_and_what_is_missing() -> None:
    reader = Reader(K, CONVERSATION)
    for row in SEAL["reading"]:
        place = envelope.Place(CONVERSATION, row["from"], row["n"], row["id"])
        reading = reader.read(row["seq"], place, unb64(row["env"]))
        assert reading is not None
        text = reading.said and reading.said.text
        got = (reading.seq, reading.outcome, text, reading.missing)
        assert got == (row["seq"], row["outcome"], row["text"], row["missing"])


def test_a_return_code_gives_its_two_values_however_it_is_typed() -> None:
    vector, organisation = SEAL["code"], bytes.fromhex(KEYS["org"]["public"])
    assert code.salt_of(organisation).hex() == vector["salt"]
    taken = code.stretch(vector["typed"], organisation)
    assert (taken.lookup.hex(), taken.key.hex()) == (vector["lookup"], vector["key"])
    wrap = bytes.fromhex(vector["wrap"])
    assert len(wrap) == code.WRAP_BYTES
    assert code.unwrap(wrap, taken.key, CONVERSATION) == K
    assert code.open_in_tab(bytes.fromhex(vector["tab"]), K, CONVERSATION) == taken.key


@pytest.mark.parametrize("kind", list(asides.Kind))
def test_what_members_write_for_each_other_opens(kind: asides.Kind) -> None:
    vector = SEAL["asides"][kind]
    about = asides.About(kind, vector["id"], SEAL["epoch"], vector["subject"])
    assert asides.open_(bytes.fromhex(vector["sealed"]), about, private("team")) == vector["text"]


def test_what_goes_between_organisations_opens() -> None:
    team, epoch, sealed = private("team"), SEAL["epoch"], {}
    for kind, vector in SEAL["packages"].items():
        sealed[kind] = (bytes.fromhex(vector["sealed"]), vector["ref"], vector["content"])
    package, ref, content = sealed["referral"]
    assert packages.open_package(package, private("bram"), ref) == content
    consent, ref, content = sealed["consent"]
    assert packages.open_consent(consent, team, ref, epoch) == content
    incoming, ref, content = sealed["incoming"]
    assert packages.open_incoming(incoming, team, ref, epoch) == content


def test_work_is_answered_by_the_number_that_gives_the_target() -> None:
    assert work.do(**SEAL["work"]["asked"]) == SEAL["work"]["answer"]


def test_the_tab_has_its_credential_and_its_half_gives_the_key_back() -> None:
    vector = SEAL["tab"]
    secret = bytes.fromhex(vector["secret"])
    assert tab.credential(secret, CONVERSATION).hex() == vector["credential"]
    assert tab.half(K, secret, CONVERSATION).hex() == vector["half"]
    assert tab.half(bytes.fromhex(vector["half"]), secret, CONVERSATION) == K


def test_a_manifest_is_read_and_written_to_the_byte() -> None:
    vector = SEAL["manifest"]
    read = manifest.verify(vector["signed"], public("org"))
    assert (read.epoch, read.team, read.demo) == (SEAL["epoch"], public("team"), False)
    assert read.members == {KEYS[name]["id"]: public(name) for name in ("anna", "bram")}
    written, _signature = manifest.sign(read, private("org")).split(".")
    assert unb64(written).decode() == vector["json"]
    assert manifest.digest(vector["signed"]).hex() == vector["digest"]


def test_a_demo_manifest_is_believed_only_when_allowed() -> None:
    demo = SEAL["manifest"]["demo"]
    assert manifest.verify(demo, public("org"), allow_demo=True).recovery is None
    with pytest.raises(ManifestRefused, match="demo"):
        manifest.verify(demo, public("org"))


@pytest.mark.parametrize("what", SEAL["manifest"]["refused"])
def test_a_manifest_is_refused(what: str) -> None:
    with pytest.raises(ManifestRefused):
        manifest.verify(SEAL["manifest"]["refused"][what], public("org"), allow_demo=True)


def test_a_manifest_is_refused_by_whoever_knows_another_organisation() -> None:
    with pytest.raises(ManifestRefused, match="signature"):
        manifest.verify(SEAL["manifest"]["signed"], public("bram"))


@pytest.mark.parametrize("what", SEAL["manifest"]["follows"])
def test_a_manifest_takes_the_place_of_the_former(what: str) -> None:
    vector = SEAL["manifest"]
    read = manifest.check_follows(vector["follows"][what], vector["signed"], public("org"))
    assert read.prev == manifest.digest(vector["signed"])


@pytest.mark.parametrize("what", SEAL["manifest"]["does_not_follow"])
def test_a_manifest_does_not_take_the_place_of_the_former(what: str) -> None:
    vector = SEAL["manifest"]
    with pytest.raises(ManifestRefused):
        manifest.check_follows(
            vector["does_not_follow"][what], vector["signed"], public("org"), allow_demo=True
        )


def test_the_fingerprint_has_six_groups_of_five_digits() -> None:
    assert manifest.fingerprint(public("org")) == SEAL["manifest"]["fingerprint"]


@pytest.mark.parametrize("vector", SEAL["tokens"], ids=lambda vector: vector["claims"][2])
def test_a_token_is_as_the_vectors_say(vector: dict[str, str]) -> None:
    secret, expires_at = bytes.fromhex(vector["secret"]), 1_779_000_600
    claims = tokens.read(vector["token"], secret, now=expires_at - 1)
    assert claims.expires_at == expires_at
    assert tokens.mint(claims, secret) == vector["token"]
    assert b64(vector["claims"].encode()) == vector["token"].split(".")[0]
