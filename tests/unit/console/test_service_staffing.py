"""Erlang's formula gives what is published, and what a simulated queue does."""

import heapq
import random

import pytest

from havenlight.console.service.staffing import counsellors_needed, erlang_c, share_within

SECOND = 1 / 3600


def test_the_known_example_of_ten_erlang_and_fourteen_places() -> None:
    # 200 calls an hour of three minutes: in every textbook of call centres.
    assert erlang_c(10, 14) == pytest.approx(0.174, abs=0.0005)
    assert share_within(200, 1 / 20, 14, 20 * SECOND) == pytest.approx(0.888, abs=0.0005)


def test_one_place_waits_as_the_single_server_queue_does() -> None:
    # With one place the delay probability is the load itself.
    assert erlang_c(0.6, 1) == pytest.approx(0.6)


def test_who_comes_too_often_is_never_answered_in_time() -> None:
    assert share_within(10, 1, 10, 1) == 0
    assert share_within(0, 1, 0, 1) == 1


def simulated(rate: float, length: float, places: int, within: float, visitors: int) -> float:
    """The share that waited at most `within` in a queue that serves in order of arrival."""
    draw = random.Random(20261123)  # noqa: S311 -- a simulation
    free = [0.0] * places
    at, soon = 0.0, 0
    for _ in range(visitors):
        at += draw.expovariate(rate)
        begins = max(at, heapq.heappop(free))
        soon += begins - at <= within
        heapq.heappush(free, begins + draw.expovariate(1 / length))
    return soon / visitors


@pytest.mark.parametrize(("rate", "places"), [(8, 8), (8, 10), (3, 4)])
def test_a_simulated_queue_does_as_the_formula_says(rate: float, places: int) -> None:
    within, length = 2 / 60, 0.75
    expected = share_within(rate, length, places, within)
    assert simulated(rate, length, places, within, 40_000) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("rate", [0.2, 1.0, 4.0, 12.0, 60.0])
@pytest.mark.parametrize("at_once", [1, 3])
def test_it_is_the_fewest_counsellors_that_are_enough(rate: float, at_once: int) -> None:
    length, within = 0.8, 2 / 60
    needed = counsellors_needed(rate, length, at_once=at_once, share=0.9, within=within)
    assert share_within(rate, length, needed * at_once, within) >= 0.9
    if needed > 1:
        assert share_within(rate, length, (needed - 1) * at_once, within) < 0.9


def test_when_nobody_comes_nobody_is_needed() -> None:
    assert counsellors_needed(0, 0.8, at_once=3, share=0.9, within=0.1) == 0
