"""How much fits in one pair of hands."""

from datetime import UTC, datetime, timedelta

import pytest

from havenlight.chat.capacity import InHand, has_room, load_of

NOW = datetime(2026, 3, 1, 23, tzinfo=UTC)
WRAP_UP = timedelta(minutes=5)


def ended(minutes_ago: float, weight: int = 1) -> InHand:
    return InHand(weight, NOW - timedelta(minutes=minutes_ago))


@pytest.mark.parametrize(
    ("in_hand", "load"),
    [
        ([], 0),
        ([InHand(1, None), InHand(3, None)], 4),
        ([ended(4.9, weight=2)], 2),
        ([ended(5)], 0),
        ([InHand(1, None), ended(1), ended(60)], 2),
    ],
)
def test_what_goes_on_counts_and_what_ended_only_while_it_is_wrapped_up(
    in_hand: list[InHand], load: int
) -> None:
    assert load_of(in_hand, NOW, WRAP_UP) == load


@pytest.mark.parametrize(("load", "room"), [(0, True), (3, True), (4, False), (9, False)])
def test_one_more_has_room_below_the_capacity(load: int, room: bool) -> None:
    assert has_room(load, 4, in_danger=False) is room
    assert has_room(load, 4, in_danger=True)
