"""Two lists: known numbers, how often the interval covers, and what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from havenlight.mse.chapman import chapman, chapman_of, standard_error
from havenlight.mse.errors import NotEstimable
from havenlight.mse.result import Status
from tests.unit.mse.bayesian_tables import dense_table


def test_chapman_gives_the_estimate_and_standard_error_of_the_formula():
    answer = chapman(200, 300, 50)
    assert answer.estimate == pytest.approx(201 * 301 / 51 - 1)
    assert answer.details["standard_error"] == pytest.approx(
        (201 * 301 * 150 * 250 / (51**2 * 52)) ** 0.5
    )


def test_the_interval_ends_where_the_overlap_becomes_too_unusual():
    answer = chapman(200, 300, 50, level=0.9)
    assert hypergeom.cdf(50, answer.lower, 200, 300) > 0.05
    assert hypergeom.cdf(50, answer.lower - 1, 200, 300) <= 0.05
    assert hypergeom.sf(49, answer.upper, 200, 300) > 0.05
    assert hypergeom.sf(49, answer.upper + 1, 200, 300) <= 0.05


@pytest.mark.parametrize(("size", "first", "second"), [(50, 10, 20), (200, 40, 50)])
def test_the_interval_covers_at_least_as_often_as_it_claims(size, first, second):
    """Every overlap that can happen is summed over, so this is no simulation."""
    covered = possible = 0.0
    for overlap in range(max(1, first + second - size), min(first, second) + 1):
        chance = hypergeom.pmf(overlap, size, first, second)
        answer = chapman(first, second, overlap)
        possible += chance
        covered += chance * (answer.lower <= size <= answer.upper)
    assert covered / possible >= 0.95


def test_lists_that_share_everyone_still_leave_room_for_unseen_persons():
    answer = chapman(10, 100, 10)
    assert standard_error(10, 100, 10) == 0
    assert (answer.lower, answer.upper) == (100, 142)


def test_the_answer_warns_that_two_lists_cannot_show_dependence():
    assert "two lists cannot show" in chapman(20, 30, 5).reason


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 4), (30, 40)])
def test_lists_that_share_nobody_have_no_estimate(first, second):
    with pytest.raises(NotEstimable):
        chapman(first, second, 0)


@pytest.mark.parametrize("overlap", [-1, 21])
def test_an_overlap_that_does_not_fit_the_lists_is_refused(overlap):
    with pytest.raises(ValueError, match=f"overlap {overlap} does not fit lists of 20 and 30"):
        chapman(20, 30, overlap)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_that_is_no_share_is_refused(level):
    with pytest.raises(ValueError, match="is not between 0 and 1"):
        chapman(20, 30, 5, level=level)


def test_an_overlap_too_rare_to_bound_the_size_is_refused():
    with pytest.raises(NotEstimable, match="reaches beyond"):
        chapman(10**9, 10**9, 1)


def test_a_table_of_two_lists_gives_the_same_as_its_numbers():
    assert chapman_of(dense_table(150, 250, 50)) == chapman(200, 300, 50)


def test_a_table_that_chapman_cannot_use_says_why():
    assert chapman_of(dense_table(1, 1, 1, 1, 1, 1, 1)).status is Status.NOT_APPLICABLE
    assert chapman_of(dense_table(30, 40, 0)).status is Status.NOT_ESTIMABLE


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 40), st.integers(0, 300), st.integers(0, 300))
def test_the_estimate_lies_within_its_interval_and_above_those_seen(overlap, first, second):
    answer = chapman(first + overlap, second + overlap, overlap)
    assert first + second + overlap <= answer.lower <= answer.upper
    assert answer.estimate <= answer.upper + 1
