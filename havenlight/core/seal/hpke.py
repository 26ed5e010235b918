"""HPKE in the one suite of the protocol: base mode, single shot, everything bound by `info`."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from havenlight.core.seal.errors import SealBroken
from havenlight.core.seal.keys import PrivateKey, read_public

_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def seal_to(public: bytes, info: bytes, plaintext: bytes) -> bytes:
    """`enc (65) | ciphertext` that only the holder of `public`'s private half opens."""
    return _SUITE.encrypt(plaintext, read_public(public), info)


def open_with(key: PrivateKey, info: bytes, sealed: bytes) -> bytes:
    """The plaintext of `sealed`, or raise SealBroken."""
    try:
        return _SUITE.decrypt(sealed, key, info)
    except InvalidTag as error:
        raise SealBroken("the sealed value does not open with this key in this place") from error
