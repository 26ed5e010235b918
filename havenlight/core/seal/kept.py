"""Keys that an organisation keeps for itself (docs/protocol.md, section 2): no server has them.

The signing key is a file under a phrase of six words; the recovery key is printed as a code of
letters and digits that can be typed again.
"""

import hashlib
import os
from base64 import b32decode, b32encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from havenlight.core.seal import phrase
from havenlight.core.seal.encoding import b64
from havenlight.core.seal.errors import KeyRefused, SealBroken
from havenlight.core.seal.keys import PrivateKey, public_of, read_pkcs8, to_pkcs8
from havenlight.core.seal.wraps import NONCE_BYTES

_SECRET_BYTES, _CHECK_BYTES, _GROUP = 32, 3, 4


@dataclass(frozen=True, slots=True)
class Locked:
    """The signing key as its file has it."""

    public: bytes
    salt: bytes
    iterations: int
    wrap: bytes

    def as_json(self) -> dict[str, object]:
        """The file as the protocol writes it."""
        return {
            "havenlight": "signing-key",
            "v": 1,
            "public": b64(self.public),
            "salt": b64(self.salt),
            "iterations": self.iterations,
            "wrap": b64(self.wrap),
        }


def lock(key: PrivateKey, words: str) -> Locked:
    """The organisation's signing key under a phrase."""
    public, salt, nonce = public_of(key), os.urandom(phrase.SALT_BYTES), os.urandom(NONCE_BYTES)
    sealed = AESGCM(phrase.kek(words, salt)).encrypt(nonce, to_pkcs8(key), _aad(public))
    return Locked(public, salt, phrase.ITERATIONS, nonce + sealed)


def unlock(file: Locked, words: str) -> PrivateKey:
    """The signing key in its file, or raise SealBroken."""
    kek = phrase.kek(words, file.salt, file.iterations)
    nonce, sealed = file.wrap[:NONCE_BYTES], file.wrap[NONCE_BYTES:]
    try:
        return read_pkcs8(AESGCM(kek).decrypt(nonce, sealed, _aad(file.public)))
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the signing key does not open: another phrase, or altered") from error


def recovery_code(key: PrivateKey) -> str:
    """The recovery key as it is printed: 14 groups of four, three bytes of them to check it."""
    secret = key.private_numbers().private_value.to_bytes(_SECRET_BYTES, "big")
    text = b32encode(secret + _check(secret)).decode("ascii")
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def read_recovery_code(code: str) -> PrivateKey:
    """The recovery key that was typed from paper, or raise KeyRefused when a sign is wrong."""
    # The alphabet has neither 0 nor 1, which is how O and I are read.
    text = "".join(code.upper().replace("0", "O").replace("1", "I").split()).replace("-", "")
    try:
        raw = b32decode(text)
        secret, check = raw[:_SECRET_BYTES], raw[_SECRET_BYTES:]
        if check == _check(secret):
            return derive_private_key(int.from_bytes(secret, "big"), SECP256R1())
    except ValueError as error:
        raise KeyRefused("not a recovery code") from error
    raise KeyRefused("the recovery code has a sign that is wrong")


def _check(secret: bytes) -> bytes:
    return hashlib.sha256(b"havenlight/recovery/1|code|" + secret).digest()[:_CHECK_BYTES]


def _aad(public: bytes) -> bytes:
    return b"havenlight/signing/1|" + public
