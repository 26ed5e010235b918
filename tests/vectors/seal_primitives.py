"""Keys, ids and primitives from which the vectors of the seal are made; nothing of Havenlight.

HPKE with a chosen ephemeral key comes from pyhpke. All keys here are published and protect nothing.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey, KEMKeyPair

Fields = dict[str, object]

SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
EPOCH = 7
ITERATIONS = 600_000


def fixed(label: str, size: int = 32) -> bytes:
    """Bytes that are the same each time, and plainly not random."""
    return hashlib.sha256(f"havenlight test vector: {label}".encode()).digest()[:size]


def b64(raw: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def u32(number: int) -> bytes:
    """4 bytes, big-endian."""
    return number.to_bytes(4, "big")


def pair(label: str) -> ec.EllipticCurvePrivateKey:
    """A fixed key of P-256."""
    return ec.derive_private_key(int.from_bytes(fixed(label), "big"), ec.SECP256R1())


def public(key: ec.EllipticCurvePrivateKey) -> bytes:
    """65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def pkcs8(key: ec.EllipticCurvePrivateKey) -> bytes:
    """138 bytes."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


ORG, TEAM, RECOVERY = pair("org"), pair("team"), pair("recovery")
ANNA, BRAM = pair("anna"), pair("bram")
CONVERSATION, OTHER_CONVERSATION = fixed("conversation", 16), fixed("other conversation", 16)
ANNA_ID, BRAM_ID = fixed("anna id", 16), fixed("bram id", 16)
K, T = fixed("conversation key"), fixed("tab secret")
ANNA_SENDER = f"c:{hashlib.sha256(public(ANNA)).digest()[:8].hex()}"
BRAM_SENDER = f"c:{hashlib.sha256(public(BRAM)).digest()[:8].hex()}"


def hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """RFC 5869 with SHA-256, 32 bytes."""
    prk = hmac.digest(salt or bytes(32), secret, "sha256")
    return hmac.digest(prk, info + b"\x01", "sha256")


def hpke(to: ec.EllipticCurvePrivateKey, info: bytes, plaintext: bytes, label: str) -> Fields:
    """One sealed value, with the ephemeral key that made it."""
    ephemeral = pair(f"ephemeral of {label}")
    keys = KEMKeyPair(
        KEMKey.from_pyca_cryptography_key(ephemeral),
        KEMKey.from_pyca_cryptography_key(ephemeral.public_key()),
    )
    to_public = KEMKey.from_pyca_cryptography_key(to.public_key())
    enc, context = SUITE.create_sender_context(to_public, info, eks=keys)
    return {
        "info": info.hex(),
        "ephemeral": pkcs8(ephemeral).hex(),
        "plaintext": plaintext.hex(),
        "sealed": (enc + context.seal(plaintext)).hex(),
    }


def key_fields(key: ec.EllipticCurvePrivateKey) -> Fields:
    """Both halves of a key pair."""
    return {"public": public(key).hex(), "private": pkcs8(key).hex()}


def pad(body: bytes) -> bytes:
    """The length, the bytes, zeros."""
    whole = u32(len(body)) + body
    return whole + bytes(-len(whole) % 256)
