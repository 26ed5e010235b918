"""What the desk may send, checked at the edge."""

from collections.abc import Sequence
from typing import TypeVar

from havenlight.core.endpoints import Fields
from havenlight.core.refusals import Refused

T = TypeVar("T", int, str)


def choice(fields: Fields, name: str, choices: Sequence[T]) -> T:
    """One of `choices`, or Refused as malformed."""
    value: object = fields.get(name)
    # By type as well: True equals 1.
    for one in choices:
        if type(value) is type(one) and value == one:
            return one
    raise Refused("malformed")
