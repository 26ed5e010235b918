"""What the pages of keys may send, checked at the edge."""

from typing import Any

from havenlight.chat.renewing import MOST_AT_ONCE, Open
from havenlight.console.forms import identifier
from havenlight.core.endpoints import Fields
from havenlight.core.refusals import Refused
from havenlight.core.seal import phrase
from havenlight.core.seal.encoding import unb64
from havenlight.core.seal.errors import EncodingRefused, KeyRefused
from havenlight.core.seal.keys import read_public
from havenlight.team.epochs import Sealed, Signed
from havenlight.team.member_keys import ByPasskey, Locked

MEMBER_WRAP_BYTES, TEAM_WRAP_BYTES, CONVERSATION_WRAP_BYTES = 166, 219, 113
PRF_SALT_BYTES = 32
CREDENTIAL_MOST_BYTES = 1023
"""WebAuthn, section 4: a credential id is at most 1,023 bytes long."""


def raw(fields: Fields, name: str, size: int | None = None) -> bytes:
    """Bytes, of one size if it is given, or Refused as malformed."""
    value: object = fields.get(name)
    if not isinstance(value, str):
        raise Refused("malformed")
    try:
        found = unb64(value)
    except EncodingRefused:
        raise Refused("malformed") from None
    if size is not None and len(found) != size:
        raise Refused("malformed")
    return found


def public(fields: Fields, name: str) -> bytes:
    """A public key, or Refused as malformed."""
    found = raw(fields, name)
    try:
        read_public(found)
    except KeyRefused:
        raise Refused("malformed") from None
    return found


def locked(fields: Fields) -> Locked:
    """A key under a phrase that was stretched as much as ours are, or Refused as malformed."""
    if fields.get("iterations") != phrase.ITERATIONS:
        raise Refused("malformed")
    wrap = raw(fields, "wrap", MEMBER_WRAP_BYTES)
    return Locked(wrap, raw(fields, "salt", phrase.SALT_BYTES), phrase.ITERATIONS)


def credential(fields: Fields) -> bytes:
    """The id of a passkey, or Refused as malformed."""
    found = raw(fields, "credential")
    if not 1 <= len(found) <= CREDENTIAL_MOST_BYTES:
        raise Refused("malformed")
    return found


def by_passkey(fields: Fields) -> ByPasskey:
    """A key under what a passkey gives, or Refused as malformed."""
    salt = raw(fields, "salt", PRF_SALT_BYTES)
    return ByPasskey(credential(fields), salt, raw(fields, "wrap", MEMBER_WRAP_BYTES))


def signed(fields: Fields) -> Signed:
    """A manifest and what comes with a new epoch, or Refused as malformed."""
    text: object = fields.get("manifest")
    if not isinstance(text, str):
        raise Refused("malformed")
    return Signed(text, _wrap_or_none(fields, "team_wrap"), _wrap_or_none(fields, "recovery_wrap"))


def _wrap_or_none(fields: Fields, name: str) -> bytes | None:
    return None if fields.get(name) is None else raw(fields, name, TEAM_WRAP_BYTES)


def sealed(fields: Fields) -> list[Sealed]:
    """Team keys sealed to members, or Refused as malformed."""
    return [
        Sealed(identifier(one, "member"), _epoch(one), raw(one, "wrap", TEAM_WRAP_BYTES))
        for one in _rows(fields)
    ]


def renewed(fields: Fields) -> list[Open]:
    """Conversations sealed to a new team key, or Refused as malformed."""
    return [
        Open(identifier(one, "conv"), _epoch(one), raw(one, "wrap", CONVERSATION_WRAP_BYTES))
        for one in _rows(fields)
    ]


def _epoch(fields: Fields) -> int:
    value: object = fields.get("epoch")
    if type(value) is not int or not 1 <= value < 2**31:
        raise Refused("malformed")
    return value


def _rows(fields: Fields) -> list[dict[str, Any]]:
    rows: object = fields.get("wraps")
    if not isinstance(rows, list) or len(rows) > MOST_AT_ONCE:
        raise Refused("malformed")
    if not all(isinstance(one, dict) for one in rows):
        raise Refused("malformed")
    return rows
