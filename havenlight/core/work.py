"""Work that a browser is asked for before it may begin a chat, while many are begun at its address.

It costs a person a moment and a machine that begins thousands a good part of its time. The browser
looks for a number that the server knows: section 4 of docs/protocol.md.
"""

import hashlib
import hmac
import re
import secrets

from havenlight.core.errors import HavenlightError
from havenlight.core.seal.encoding import b64, u32, unb64
from havenlight.core.seal.errors import EncodingRefused

LIFETIME_SECONDS = 300
ITERATIONS = 1_000
MOST = 400
"""The number is at most this: in the mean half of it is tried, at worst all of it."""

_PURPOSE = b"havenlight/proof/1|"
_RANDOM_BYTES, _TIME_BYTES, _MAC_BYTES = 12, 4, 16
_DIGITS = re.compile(r"[0-9]{1,9}")


class WorkRefused(HavenlightError):
    """What was sent is no answer to work that was asked for, or comes too late."""


def ask(secret: bytes, now: float) -> dict[str, object]:
    """Work, as a refusal tells of it. Nothing is kept of it; `now` in seconds since 1970."""
    claims = secrets.token_bytes(_RANDOM_BYTES) + u32(int(now) + LIFETIME_SECONDS)
    salt = claims + _mac(secret, b"salt|" + claims)[:_MAC_BYTES]
    target = _derived(salt, _number(secret, salt), ITERATIONS)
    return {"salt": b64(salt), "iterations": ITERATIONS, "most": MOST, "target": b64(target)}


def do(salt: str, iterations: int, most: int, target: str) -> str:
    """The answer to work that was asked for, or raise WorkRefused when there is none."""
    raw, wanted = unb64(salt), unb64(target)
    for number in range(most):
        if _derived(raw, number, iterations) == wanted:
            return f"{salt}.{number}"
    raise WorkRefused("no number up to the most gives the target")


def check(answer: str, secret: bytes, now: float) -> bytes:
    """The salt of work that `answer` has done, which is good once; or raise WorkRefused."""
    salt, number = _parts(answer)
    claims, mac = salt[:-_MAC_BYTES], salt[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(secret, b"salt|" + claims)[:_MAC_BYTES]):
        raise WorkRefused("nobody asked for it")
    if int.from_bytes(claims[_RANDOM_BYTES:], "big") <= now:
        raise WorkRefused("it comes too late")
    if number != _number(secret, salt):
        raise WorkRefused("it was not done")
    return salt


def _parts(answer: str) -> tuple[bytes, int]:
    text, _, digits = answer.partition(".")
    try:
        salt = unb64(text)
    except EncodingRefused:
        raise WorkRefused("it is malformed") from None
    if len(salt) != _RANDOM_BYTES + _TIME_BYTES + _MAC_BYTES or not _DIGITS.fullmatch(digits):
        raise WorkRefused("it is malformed")
    return salt, int(digits)


def _number(secret: bytes, salt: bytes) -> int:
    return int.from_bytes(_mac(secret, b"number|" + salt)[:8], "big") % MOST


def _derived(salt: bytes, number: int, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", _PURPOSE, salt + u32(number), iterations)


def _mac(secret: bytes, of: bytes) -> bytes:
    return hmac.digest(secret, _PURPOSE + of, hashlib.sha256)
