"""HKDF-SHA-256 as every derived key of the protocol uses it."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive(secret: bytes, salt: bytes | None, info: bytes) -> bytes:
    """32 bytes from `secret` for the one purpose that `info` names."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret)
