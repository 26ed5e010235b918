"""How bytes, numbers and identifiers are written (docs/protocol.md, section 1)."""

import binascii
from base64 import urlsafe_b64encode

from havenlight.core.ids import is_id
from havenlight.core.seal.errors import EncodingRefused

# The letters of RFC 4648, section 5, as those of section 4, whose own two stand for nothing here.
_AS_STANDARD = bytes.maketrans(b"-_+/", b"+/!!")
# By the rest of the length by 4. One letter over is never right, and refused with any padding.
_PADDING = (b"", b"", b"==", b"=")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# The bits that a last letter has over must be zero.
_LAST_LETTERS = (_LETTERS, "", _LETTERS[::16], _LETTERS[::4])


def b64(raw: bytes) -> str:
    """`raw` as base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def unb64(text: str) -> bytes:
    """The bytes of `text`, or raise EncodingRefused unless it is what `b64` writes for them.

    Only the canonical form is read: two spellings of one value would be two messages to
    whoever compares the strings, and one to whoever compares the bytes.
    """
    try:
        # Strict: nothing is passed over, so that no second spelling is left but in the last letter.
        raw = binascii.a2b_base64(
            text.encode("ascii").translate(_AS_STANDARD) + _PADDING[len(text) % 4], strict_mode=True
        )
    except ValueError as error:
        raise EncodingRefused("not base64url") from error
    if text and text[-1] not in _LAST_LETTERS[len(text) % 4]:
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
