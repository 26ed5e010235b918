"""P-256 key pairs as the protocol writes them: public 65 raw bytes, private PKCS#8."""

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from havenlight.core.seal.errors import KeyRefused

PUBLIC_BYTES = 65
VISITOR = "v"

PrivateKey = EllipticCurvePrivateKey
PublicKey = EllipticCurvePublicKey


def new_key() -> PrivateKey:
    """A fresh key pair of the one curve that every browser has."""
    return generate_private_key(SECP256R1())


def public_of(key: PrivateKey) -> bytes:
    """The public half of `key`, 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def read_public(raw: bytes) -> PublicKey:
    """The public key in `raw`, or raise KeyRefused."""
    # The compressed form would be read too, and give one member two key ids.
    if len(raw) != PUBLIC_BYTES:
        raise KeyRefused(f"a public key has {PUBLIC_BYTES} bytes, this one {len(raw)}")
    try:
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)
    except ValueError as error:
        raise KeyRefused("the public key is not a point of P-256") from error


def to_pkcs8(key: PrivateKey) -> bytes:
    """The private half of `key`, 138 bytes, in the clear: only ever an input of a wrap."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def read_pkcs8(raw: bytes) -> PrivateKey:
    """The private key in `raw`, or raise KeyRefused."""
    try:
        key = load_der_private_key(raw, password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise KeyRefused("not a private key in PKCS#8") from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise KeyRefused("the private key is not of P-256")
    return key


def sender_of(public: bytes) -> str:
    """How a member with this public key is named as the sender of a message."""
    return f"c:{hashlib.sha256(public).digest()[:8].hex()}"
