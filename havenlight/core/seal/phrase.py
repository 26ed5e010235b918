"""Six words: a member's unlock phrase or a visitor's return code. Generated, never chosen."""

import re
import secrets
import unicodedata
from functools import cache
from importlib.resources import files

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from havenlight.core.seal.derive import derive
from havenlight.core.seal.encoding import id_bytes

KDF_NAME = "PBKDF2-SHA-256"
ITERATIONS = 600_000
SALT_BYTES = 16
WORDS = 6


LANGUAGES = frozenset({"en", "nl"})
"""The languages that have a list of their own; all others use the English one."""


@cache
def word_list(language: str = "en") -> tuple[str, ...]:
    """The words a phrase is drawn from; static/words/sources.txt says whose they are.

    Browsers are served the same files.
    """
    name = language if language in LANGUAGES else "en"
    text = files("havenlight.core").joinpath(f"static/words/{name}.txt").read_text("ascii")
    return tuple(text.split())


def new_phrase(language: str = "en") -> str:
    """Six words drawn by the system's random source: 77 bits in English, 66 in Dutch."""
    words = word_list(language)
    return " ".join(secrets.choice(words) for _ in range(WORDS))


def normalised(phrase: str) -> str:
    """The phrase as it is stretched: NFKC, lower case, words parted by one space."""
    lower = unicodedata.normalize("NFKC", phrase).lower()
    # Python and the browser disagree about which characters are white space; these four are named.
    return " ".join(re.findall(r"[^ \t\r\n]+", lower))


def kek(phrase: str, salt: bytes, iterations: int = ITERATIONS) -> bytes:
    """32 bytes that a phrase gives: a member's key-encryption key; slow on purpose (0.1 s)."""
    stretch = PBKDF2HMAC(algorithm=SHA256(), length=32, salt=salt, iterations=iterations)
    return stretch.derive(normalised(phrase).encode())


def passkey_kek(output: bytes, member: str) -> bytes:
    """32 bytes that a passkey gives in place of a phrase: from the output of WebAuthn's PRF."""
    return derive(output, None, b"havenlight/member/1|prf|" + id_bytes(member))
