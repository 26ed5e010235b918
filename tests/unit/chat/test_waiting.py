"""The range of minutes that a visitor is told is honest."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenlight.chat.waiting import STEPS, wait_range

MINUTE = 60.0

paces = st.lists(st.floats(1, 3_600), min_size=2, max_size=60)
aheads = st.integers(0, 200)


def accepted_every(minutes: float, times: int = 10) -> list[float]:
    return [number * minutes * MINUTE for number in range(times)]


@pytest.mark.parametrize("times", [0, 1, 2])
def test_too_few_acceptances_say_nothing(times: int) -> None:
    assert wait_range(0, accepted_every(1, times)) is None


@pytest.mark.parametrize(
    ("ahead", "pace_minutes", "told"),
    [
        (0, 1, (0, 2)),
        (0, 4, (2, 10)),
        (1, 5, (5, 20)),
        (4, 6, (15, 60)),
        (9, 6, (30, 120)),
    ],
)
def test_the_range_runs_from_half_to_twice_the_likely_wait(
    ahead: int, pace_minutes: float, told: tuple[int, int]
) -> None:
    assert wait_range(ahead, accepted_every(pace_minutes)) == told


def test_a_wait_longer_than_anyone_would_say_is_not_said() -> None:
    assert wait_range(20, accepted_every(10)) is None


@given(aheads, paces)
def test_the_likely_wait_lies_in_the_range_and_the_range_in_the_steps(
    ahead: int, gaps: list[float]
) -> None:
    told = wait_range(ahead, list(accumulate(gaps, initial=0.0)))
    if told is not None:
        wait_from, wait_to = told
        assert wait_from < wait_to
        assert {wait_from, wait_to} <= set(STEPS)
        longest_minutes = (ahead + 1) * max(gaps) / MINUTE
        shortest_minutes = (ahead + 1) * min(gaps) / MINUTE
        # Twice as long, and sums of floats are not exact.
        assert wait_from <= longest_minutes / 2 + 1e-6
        assert wait_to >= 2 * shortest_minutes - 1e-6


@given(aheads, paces)
def test_who_stands_further_back_is_never_told_a_shorter_wait(
    ahead: int, gaps: list[float]
) -> None:
    accepted = list(accumulate(gaps, initial=0.0))
    nearer, further = wait_range(ahead, accepted), wait_range(ahead + 1, accepted)
    if further is not None:
        assert nearer is not None
        assert nearer[0] <= further[0]
        assert nearer[1] <= further[1]


@given(aheads, paces, st.floats(-1e6, 1e6))
def test_the_hour_of_the_day_does_not_matter(ahead: int, gaps: list[float], shift: float) -> None:
    whole = [round(gap) for gap in gaps]
    accepted = list(accumulate(whole, initial=0))
    moved = [moment + round(shift) for moment in accepted]
    assert wait_range(ahead, accepted) == wait_range(ahead, moved)
