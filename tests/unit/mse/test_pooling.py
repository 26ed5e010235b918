"""Partial pooling: its two limits, how often it covers, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenlight.mse.chapman import chapman
from havenlight.mse.errors import NotEstimable
from havenlight.mse.pooling import BORROWED, Pooled, pool
from havenlight.mse.result import Estimate, Status, no_estimate


def make_estimate(observed: int, ratio: float, error: float) -> Estimate:
    """Make an estimate of `ratio` unobserved per observed person, with a standard error in logs."""
    low, middle, high = observed * (1 + ratio * np.exp(1.96 * error * np.array([-1, 0, 1])))
    return Estimate("chapman", float(middle), float(low), float(high))


def pooled(ratios: list[float], errors: list[float], seed: int = 1) -> Pooled:
    names = [str(2019 + i) for i in range(len(ratios))]
    estimates = {
        name: make_estimate(300, ratio, error)
        for name, ratio, error in zip(names, ratios, errors, strict=True)
    }
    return pool(estimates, dict.fromkeys(names, 300), seed=seed)


def test_strata_that_agree_are_drawn_together_and_become_surer():
    answer = pooled([3.9, 4.0, 4.1, 4.0], [0.3] * 4)
    alone = make_estimate(300, 4.0, 0.3)
    one = answer.strata["2020"]
    assert one.upper - one.lower < 0.85 * (alone.upper - alone.lower)
    assert one.estimate == pytest.approx(1500, rel=0.03)


def test_strata_that_clearly_differ_keep_what_they_say():
    answer = pooled([1.0, 4.0, 9.0], [0.05] * 3)
    assert [one.estimate for one in answer.strata.values()] == pytest.approx(
        [600, 1500, 3000], rel=0.02
    )
    assert answer.spread > 0.5


def test_the_uncertain_stratum_moves_most_towards_the_others():
    answer = pooled([4.0, 4.0, 4.0, 8.0], [0.05, 0.05, 0.05, 0.8])
    assert answer.strata["2022"].estimate < 0.75 * 300 * 9
    assert answer.strata["2019"].estimate == pytest.approx(1500, rel=0.02)


def test_a_stratum_without_a_number_borrows_it_and_says_so():
    estimates = {str(i): make_estimate(300, 4 + i / 10, 0.2) for i in range(4)}
    estimates["lost"] = no_estimate("chapman", Status.NOT_APPLICABLE, "a list is missing here")
    answer = pool(estimates, dict.fromkeys(estimates, 300), seed=1)
    lost = answer.strata["lost"]
    assert lost.reason == BORROWED
    assert lost.estimate == pytest.approx(1500, rel=0.1)
    assert lost.upper - lost.lower > answer.strata["1"].upper - answer.strata["1"].lower


def test_an_interval_from_those_observed_on_is_taken_by_its_upper_side():
    estimates = {str(i): make_estimate(300, 4.0, 0.2) for i in range(3)}
    estimates["edge"] = Estimate("chapman", 1500.0, 300.0, 1500.0 * 1.4)
    answer = pool(estimates, dict.fromkeys(estimates, 300), seed=1)
    assert answer.strata["edge"].reason == ""


def test_the_total_is_surer_than_its_parts_laid_end_to_end():
    answer = pooled([2.0, 4.0, 6.0], [0.3] * 3)
    lower = sum(one.lower for one in answer.strata.values())
    upper = sum(one.upper for one in answer.strata.values())
    assert lower < answer.total.lower < answer.total.estimate < answer.total.upper < upper


@pytest.mark.parametrize(
    ("runs", "strata_share", "total_share"),
    [(8, 0.8, 0.7), pytest.param(400, 0.92, 0.92, marks=pytest.mark.long)],
)
def test_strata_and_total_are_covered_about_as_often_as_they_claim(runs, strata_share, total_share):
    """Six strata of 300 to 900 persons on two lists whose coverage differs by stratum."""
    rng = np.random.default_rng(12)
    inside = totals = 0
    for _ in range(runs):
        sizes = rng.integers(300, 900, 6)
        estimates, observed = {}, {}
        for year, size in enumerate(sizes):
            chances = np.exp(rng.normal(-1.4, 0.15, 2))
            first, second = rng.random((2, size)) < chances[:, None]
            both, either = int((first & second).sum()), int((first | second).sum())
            estimates[str(year)] = chapman(int(first.sum()), int(second.sum()), both)
            observed[str(year)] = either
        answer = pool(estimates, observed, seed=1)
        ends = zip(answer.strata.values(), sizes, strict=True)
        inside += sum(one.lower <= size <= one.upper for one, size in ends)
        totals += answer.total.lower <= sizes.sum() <= answer.total.upper
    assert inside / (6 * runs) >= strata_share
    assert totals / runs >= total_share


@settings(deadline=None, max_examples=10)
@given(st.lists(st.floats(0.2, 20), min_size=3, max_size=6), st.integers(0, 9))
def test_every_pooled_number_lies_between_the_strata_or_near(ratios, seed):
    answer = pooled(ratios, [0.2] * len(ratios), seed)
    for one in answer.strata.values():
        assert 300 * (1 + min(ratios)) * 0.9 <= one.estimate <= 300 * (1 + max(ratios)) * 1.1
        assert 300 < one.lower <= one.estimate <= one.upper


def test_fewer_than_three_strata_are_not_pooled():
    with pytest.raises(NotEstimable, match="2 strata with an interval; pooling needs 3"):
        pooled([4.0, 4.0], [0.2, 0.2])


def test_strata_or_levels_that_do_not_match_are_refused():
    estimates = {str(i): make_estimate(300, 4.0, 0.2) for i in range(3)}
    with pytest.raises(ValueError, match="strata of the estimates"):
        pool(estimates, {"0": 300}, seed=1)
    estimates["0"] = chapman(20, 30, 5, level=0.8)
    with pytest.raises(ValueError, match="different levels"):
        pool(estimates, dict.fromkeys(estimates, 300), seed=1)
