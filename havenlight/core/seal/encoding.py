"""How bytes, numbers and identifiers are written (docs/protocol.md, section 1)."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from havenlight.core.ids import is_id
from havenlight.core.seal.errors import EncodingRefused


def b64(raw: bytes) -> str:
    """`raw` as base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def unb64(text: str) -> bytes:
    """The bytes of `text`, or raise EncodingRefused unless it is what `b64` writes for them.

    Only the canonical form is read: two spellings of one value would be two messages to
    whoever compares the strings, and one to whoever compares the bytes.
    """
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise EncodingRefused("not base64url") from error
    if b64(raw) != text:
        raise EncodingRefused("not canonical base64url without padding")
    return raw


def id_bytes(identifier: str) -> bytes:
    """The 16 bytes of an identifier, or raise EncodingRefused."""
    if not is_id(identifier):
        raise EncodingRefused("an identifier is 32 lowercase hexadecimal digits")
    return bytes.fromhex(identifier)


def u32(number: int) -> bytes:
    """`number` in 4 bytes, big-endian, or raise EncodingRefused."""
    if not 0 <= number < 2**32:
        raise EncodingRefused(f"{number} does not fit in 4 bytes")
    return number.to_bytes(4, "big")
