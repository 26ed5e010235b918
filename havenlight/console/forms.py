"""What the desk may send, checked at the edge."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar
from uuid import UUID

from havenlight.core.endpoints import Fields
from havenlight.core.ids import is_id
from havenlight.core.refusals import Refused
from havenlight.core.seal.asides import HEAD_BYTES, MOST_BYTES, STEP_BYTES
from havenlight.core.seal.encoding import unb64
from havenlight.core.seal.errors import EncodingRefused

T = TypeVar("T", int, str)


def choice(fields: Fields, name: str, choices: Sequence[T]) -> T:
    """One of `choices`, or Refused as malformed."""
    value: object = fields.get(name)
    for one in choices:
        # True equals 1.
        if value == one and not isinstance(value, bool):
            return one
    raise Refused("malformed")


def choices(fields: Fields, name: str, among: Sequence[str]) -> list[str]:
    """Any of `among`, each at most once, or Refused as malformed."""
    value: object = fields.get(name)
    if not isinstance(value, list) or len(set(map(str, value))) != len(value):
        raise Refused("malformed")
    return [choice({name: one}, name, among) for one in value]


def identifier(fields: Fields, name: str) -> UUID:
    """An identifier, or Refused as malformed."""
    value: object = fields.get(name)
    if not isinstance(value, str) or not is_id(value):
        raise Refused("malformed")
    return UUID(value)


def raw_or_none(text: str | None) -> bytes | None:
    """The bytes of an address's parameter; None when it has none that can be read."""
    try:
        return unb64(text) if text else None
    except EncodingRefused:
        return None


class Aside(NamedTuple):
    """What a member wrote for her colleagues, as sealed."""

    id: UUID
    epoch: int
    sealed: bytes


def aside(fields: Fields) -> Aside:
    """Something sealed to the team key; Refused as malformed, or too_large over its limit.

    Only what has the form of one gets through: a client that forgot to seal is stopped here.
    """
    epoch: object = fields.get("epoch")
    sealed: object = fields.get("sealed")
    if type(epoch) is not int or not 1 <= epoch < 2**31 or not isinstance(sealed, str):
        raise Refused("malformed")
    try:
        raw = unb64(sealed)
    except EncodingRefused:
        raise Refused("malformed") from None
    if len(raw) > MOST_BYTES:
        raise Refused("too_large")
    padded, rest = divmod(len(raw) - HEAD_BYTES, STEP_BYTES)
    if rest or padded < 1:
        raise Refused("malformed")
    return Aside(identifier(fields, "id"), epoch, raw)
