"""How much a member has in hand, and whether one more conversation has room."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

WEIGHTS = (1, 2, 3)
"""What a conversation may weigh: usual, heavy, so heavy that it asks for almost all of her."""


@dataclass(frozen=True, slots=True)
class InHand:
    """A conversation that its member has not finished; `ended_at` is None while it goes on."""

    weight: int
    ended_at: datetime | None


def load_of(conversations: Iterable[InHand], now: datetime, wrap_up: timedelta) -> int:
    """What the conversations weigh together now.

    One that has ended keeps its place until it is finished, or until the time to wrap it up has
    passed: that is the pause before the next.
    """
    return sum(
        one.weight for one in conversations if one.ended_at is None or now - one.ended_at < wrap_up
    )


def has_room(load: int, capacity: int, *, in_danger: bool) -> bool:
    """Whether a member with this load may accept one more.

    Who said to be in danger is never kept waiting for a number.
    """
    return in_danger or load + WEIGHTS[0] <= capacity
