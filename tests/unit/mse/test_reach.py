"""Reach: the published sentences, how often the interval covers, and what is not comparable."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenlight.mse.chapman import chapman
from havenlight.mse.errors import NotEstimable
from havenlight.mse.reach import (
    CUT_AT_ALL,
    NO_INTERVAL,
    NOT_A_LIST,
    NotComparable,
    Population,
    poisson_interval,
    population_of,
    ratio_interval,
    reach,
)
from havenlight.mse.result import Status, no_estimate

GIRLS = "girls under 18, sexual exploitation, Netherlands, one year"


def make_population(
    estimate: float = 1300, lower: float | None = None, upper: float | None = None
) -> Population:
    return Population(
        estimate=estimate,
        lower=lower,
        upper=upper,
        level=0.95,
        who=GIRLS,
        source="the national rapporteur, after multiple systems estimation",
        published_on=date(2017, 9, 28),
        revision="first",
    )


@pytest.mark.parametrize(
    ("reached", "percent"), [(156, "12%"), (130, "10%"), (26, "2%"), (39, "3%")]
)
def test_the_published_shares_of_about_1300_girls(reached, percent):
    """12% by the chat in 2019, about 10% in 2020, and 2 to 3% in view of the authorities."""
    answer = reach(reached, make_population(), who=GIRLS)
    assert f"{answer.share:.0%}" == percent
    assert answer.lower < answer.share < answer.upper


def test_an_estimate_without_interval_gives_one_that_is_said_to_be_too_narrow():
    answer = reach(156, make_population(), who=GIRLS)
    low, high = poisson_interval(156, 0.95)
    assert (answer.lower, answer.upper) == pytest.approx((low / 1300, high / 1300))
    assert answer.notes == (NOT_A_LIST, NO_INTERVAL)


def test_the_interval_holds_both_uncertainties():
    narrow = reach(156, make_population(), who=GIRLS)
    wide = reach(156, make_population(1300, 1000, 1800), who=GIRLS)
    assert wide.lower < narrow.lower < narrow.upper < wide.upper
    assert wide.lower > poisson_interval(156, 0.95)[0] / 1800
    assert wide.upper < poisson_interval(156, 0.95)[1] / 1000
    assert wide.notes == (NOT_A_LIST,)


def test_the_chat_is_always_said_to_be_no_list_of_the_estimate():
    assert "cannot be a list in an estimate" in reach(0, make_population(), who=GIRLS).notes[0]


def test_the_interval_covers_as_often_as_it_claims():
    """Count and estimate drawn 2,000 times; the estimate errs by 15% on the logarithmic scale."""
    rng = np.random.default_rng(4)
    covered = 0
    for _ in range(2000):
        estimate = 1300 * np.exp(rng.normal(0, 0.15))
        ends = estimate * np.exp(np.array([-1.96, 1.96]) * 0.15)
        low, high = ratio_interval(int(rng.poisson(156)), make_population(estimate, *ends))
        covered += low <= 0.12 <= high
    assert 0.935 <= covered / 2000 <= 0.965


def test_nobody_reached_still_has_an_upper_end():
    answer = reach(0, make_population(1300, 1000, 1800), who=GIRLS)
    assert (answer.share, answer.lower) == (0, 0)
    assert answer.upper == pytest.approx(3.689 / 1000, rel=1e-3)


def test_an_interval_that_would_pass_everyone_ends_there_and_says_so():
    answer = reach(95, make_population(100, 80, 150), who=GIRLS)
    assert answer.upper == 1
    assert CUT_AT_ALL in answer.notes


def test_more_reached_than_exist_are_not_comparable():
    with pytest.raises(NotComparable, match="1301 were reached of an estimated 1300"):
        reach(1301, make_population(), who=GIRLS)


def test_two_definitions_are_not_divided_by_each_other():
    with pytest.raises(NotComparable, match="but the estimate is of"):
        reach(285, make_population(), who="victims of any age and sex")


@pytest.mark.parametrize(("lower", "upper"), [(1400, 1500), (0, 1500), (900, 1200), (900, np.inf)])
def test_numbers_that_are_no_interval_are_refused(lower, upper):
    with pytest.raises(ValueError, match="no interval of persons"):
        make_population(1300, lower, upper)


def test_half_an_interval_is_refused():
    with pytest.raises(ValueError, match="two ends"):
        make_population(1300, 1000, None)


@pytest.mark.parametrize("field", ["who", "source", "revision"])
def test_a_number_of_unknown_origin_is_refused(field):
    fields = {**vars(make_population()), field: " "}
    with pytest.raises(NotComparable, match=f"without '{field}'"):
        Population(**fields)


def test_a_negative_count_or_odd_level_is_refused():
    with pytest.raises(ValueError, match="-1 persons reached is negative"):
        reach(-1, make_population(), who=GIRLS)
    with pytest.raises(ValueError, match="is not between 0 and 1"):
        poisson_interval(3, 95)


def test_an_estimate_of_ours_can_be_the_population():
    population = population_of(
        chapman(200, 300, 50), who=GIRLS, published_on=date(2026, 11, 22), revision="first"
    )
    assert population.source == "own estimate by chapman [1,2]"
    assert reach(156, population, who=GIRLS).share == pytest.approx(156 / 1185.294, rel=1e-6)


def test_an_estimate_that_was_refused_cannot_be_the_population():
    refusal = no_estimate("latent classes", Status.NOT_CONVERGED, "the chains do not agree")
    with pytest.raises(NotEstimable, match="the chains do not agree"):
        population_of(refusal, who=GIRLS, published_on=date(2026, 11, 22), revision="first")


@given(st.integers(0, 1300), st.floats(0.01, 1), st.floats(1, 50))
def test_the_share_lies_in_its_interval_whatever_the_numbers(reached, below, above):
    answer = reach(reached, make_population(1300, 1300 * below, 1300 * above), who=GIRLS)
    assert 0 <= answer.lower <= answer.share <= answer.upper <= 1
