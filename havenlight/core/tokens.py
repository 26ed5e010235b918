"""Short-lived tokens for the hot path: claims under an HMAC, checked without a database.

The format is section 3 of docs/protocol.md.
"""

import hashlib
import hmac
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import msgspec

from havenlight.core.errors import HavenlightError
from havenlight.core.seal.encoding import b64, unb64
from havenlight.core.seal.errors import EncodingRefused

LIFETIME_SECONDS = 600
READER = "o"
"""The role of a member who reads along, and writes nothing."""
_PURPOSE = b"havenlight/token/1|"


class TokenRefused(HavenlightError):
    """The token is absent, malformed, forged or expired."""


class Claims(NamedTuple):
    """Who may do what, until when (seconds since 1970).

    `role` is "v" for a visitor, whose `subject` is her conversation, "c" for a member, whose
    `subject` is the member, or READER. `sender` names her in messages: "v", or "c:" and her key
    id; who reads along sends none.
    """

    role: str
    subject: str
    sender: str
    conversations: tuple[str, ...]
    expires_at: int


_claims = msgspec.json.Decoder(Claims).decode


def mint(claims: Claims, secret: bytes) -> str:
    """The token that says `claims`, in ASCII."""
    body = msgspec.json.encode(claims)
    return f"{b64(body)}.{b64(_mac(body, secret))}"


def grant(
    subject: str, sender: str, conversations: Iterable[str], secret: bytes, now: float
) -> dict[str, object]:
    """A token for the whole lifetime, as an answer of the protocol gives it."""
    expires_at = int(now) + LIFETIME_SECONDS
    claims = Claims(sender[0], subject, sender, tuple(conversations), expires_at)
    return {"token": mint(claims, secret), "expires_in": LIFETIME_SECONDS}


def read(token: str, secret: bytes, now: float) -> Claims:
    """The claims of `token`, or raise TokenRefused; `now` in seconds since 1970."""
    try:
        said, _, sealed = token.partition(".")
        body, mac = unb64(said), unb64(sealed)
    except EncodingRefused as error:
        raise TokenRefused("the token is malformed") from error
    if not hmac.compare_digest(mac, _mac(body, secret)):
        raise TokenRefused("the token is forged")
    claims = _claims(body)
    if not is_current(claims, now):
        raise TokenRefused("the token has expired")
    return claims


def is_current(claims: Claims, now: float) -> bool:
    """Whether `claims` hold now. A clock that was set back does not make a token last longer."""
    return now < claims.expires_at <= now + 2 * LIFETIME_SECONDS


def _mac(body: bytes, secret: bytes) -> bytes:
    # hmac.digest would give up the interpreter for each few bytes, and wait to get it back.
    mac = _keyed(secret).copy()
    mac.update(body)
    return mac.digest()


@cache
def _keyed(secret: bytes) -> hmac.HMAC:
    return hmac.new(secret, _PURPOSE, hashlib.sha256)
