"""The unlock phrase of a member: generated, never chosen, and stretched before it opens a key."""

import re
import secrets
import unicodedata
from functools import cache
from importlib.resources import files

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

KDF_NAME = "PBKDF2-SHA-256"
ITERATIONS = 600_000
SALT_BYTES = 16
WORDS = 6


@cache
def word_list() -> tuple[str, ...]:
    """The words a phrase is drawn from; words_en_source.txt says whose they are."""
    text = files("havenlight.core.seal").joinpath("words_en.txt").read_text("ascii")
    return tuple(text.split())


def new_phrase() -> str:
    """Six words drawn by the system's random source: 77 bits with this list."""
    words = word_list()
    return " ".join(secrets.choice(words) for _ in range(WORDS))


def normalised(phrase: str) -> str:
    """The phrase as it is stretched: NFKC, lower case, words parted by one space."""
    lower = unicodedata.normalize("NFKC", phrase).lower()
    # Python and the browser disagree about which characters are white space; these four are named.
    return " ".join(re.findall(r"[^ \t\r\n]+", lower))


def kek(phrase: str, salt: bytes, iterations: int = ITERATIONS) -> bytes:
    """The key-encryption key of a phrase, 32 bytes; slow on purpose (0.1 s or more)."""
    stretch = PBKDF2HMAC(algorithm=SHA256(), length=32, salt=salt, iterations=iterations)
    return stretch.derive(normalised(phrase).encode())
