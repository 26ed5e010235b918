"""Intervals agree with published values and cover as often as they say."""

import random

import pytest

from havenlight.figures import intervals


def test_wilson_agrees_with_published_values() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    for part, base, lower, upper in [
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:  # fmt: skip
        found = intervals.wilson(part, base)
        assert (found.lower, found.upper) == (pytest.approx(lower, abs=5e-5),
                                              pytest.approx(upper, abs=5e-5))  # fmt: skip


def test_a_difference_agrees_with_published_values() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
    found = intervals.difference((56, 70), (48, 80))
    assert found.lower == pytest.approx(0.0524, abs=5e-5)
    assert found.upper == pytest.approx(0.3339, abs=5e-5)


def test_the_published_growth_is_within_chance() -> None:
    found = intervals.ratio(285, 250)
    assert found.holds(1.0)
    assert found.lower < 285 / 250 < found.upper
    assert not intervals.ratio(400, 250).holds(1.0)


def test_ratios_at_the_edge_have_open_ends() -> None:
    assert intervals.ratio(5, 0).upper == float("inf")
    assert intervals.ratio(0, 5).lower == 0
    with pytest.raises(ValueError, match="have no ratio"):
        intervals.ratio(0, 0)
    with pytest.raises(ValueError, match="no part of a base"):
        intervals.wilson(3, 2)


def _poisson(draw: random.Random, mean: float) -> int:
    at, number = draw.expovariate(1), 0
    while at < mean:
        at, number = at + draw.expovariate(1), number + 1
    return number


def test_intervals_cover_as_stated_in_simulation() -> None:
    draw, times = random.Random(1), 1_000  # noqa: S311 -- a simulation, which must be repeatable
    shares = ratios = differences = 0
    for _ in range(times):
        one, other = (sum(draw.random() < p for _ in range(100)) for p in (0.16, 0.25))
        shares += intervals.wilson(one, 100).holds(0.16)
        differences += intervals.difference((one, 100), (other, 100)).holds(-0.09)
        ratios += intervals.ratio(_poisson(draw, 60), _poisson(draw, 50)).holds(1.2)
    for covered in (shares, differences, ratios):
        assert covered / times > 0.93
    assert max(shares, differences) / times < 0.975
