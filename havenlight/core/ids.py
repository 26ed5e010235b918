"""Identifiers: 16 random bytes, on the wire 32 lowercase hexadecimal digits."""

import re
import secrets

PATTERN = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    """A fresh identifier that tells nothing of when or where it was made."""
    return secrets.token_hex(16)


def is_id(value: object) -> bool:
    """Whether `value` has the form of an identifier."""
    return isinstance(value, str) and PATTERN.fullmatch(value) is not None
