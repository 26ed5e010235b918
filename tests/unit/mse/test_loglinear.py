"""Fits against the R packages' answers on the published data, and against what must hold."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from havenlight.mse.criteria import Criterion, scores, weights
from havenlight.mse.existence import has_finite_estimate, identifiable, reduce_to_interior
from havenlight.mse.loglinear import Fit, fit
from havenlight.mse.table import CaptureTable
from havenlight.mse.terms import hierarchical_models, main_effects, notation, parse

SETS = ("UKdat", "UKdat_5", "Ned", "Ned_5")
FIVES = ("UKdat_5", "Ned_5")


def make_counts(*dense):
    return np.array([dense], dtype=np.float64)


@pytest.mark.parametrize("name", SETS)
def test_independent_lists_give_the_packages_estimate_and_interval(published, classical, name):
    table, reference = published(name), classical(name)["independent"]
    fits = fit(table.dense()[None], main_effects(table.n_lists)[None])
    assert table.n_observed + fits.unseen[0] == pytest.approx(reference["estimate"], rel=1e-8)
    assert scores(fits, table.n_observed, Criterion.AIC)[0] == pytest.approx(reference["aic"])
    lower, upper = fits.wald(table.n_observed, 0.95)
    # R takes the standard error from the weights of the iteration before the last.
    assert lower[0] == pytest.approx(reference["lower"], rel=2e-6)
    assert upper[0] == pytest.approx(reference["upper"], rel=2e-6)


@pytest.mark.parametrize("name", FIVES)
@pytest.mark.parametrize("order", [2, 3])
def test_all_hierarchical_models_rank_as_in_the_package(published, classical, name, order):
    table, reference = published(name), classical(name)["bic"][f"order{order}"]
    models = hierarchical_models(5, order)
    fits = fit(table.dense()[None], models)
    assert fits.fitted.sum() == reference["n_models"]
    values = scores(fits, table.n_observed, Criterion.BIC)
    for place, theirs in zip(values.argsort(), reference["top"], strict=False):
        assert notation(models[place]) == theirs["model"]
        assert values[place] == pytest.approx(theirs["bic"], rel=1e-9)
        ours = table.n_observed + fits.unseen[place]
        assert ours == pytest.approx(theirs["estimate"], rel=1e-8)


@pytest.mark.parametrize("name", FIVES)
def test_aic_finds_the_models_that_rcapture_finds(published, classical, name):
    table = published(name)
    for theirs in classical(name)["rcapture_aic"]:
        fits = fit(table.dense()[None], parse(theirs["model"], 5)[None])
        assert scores(fits, table.n_observed, Criterion.AIC)[0] == pytest.approx(theirs["aic"])
        ours = table.n_observed + fits.unseen[0]
        assert ours == pytest.approx(theirs["estimate"], rel=1e-6)


def test_two_independent_lists_give_lincoln_and_petersen():
    fits = fit(make_counts(30, 20, 10), main_effects(2)[None])
    assert fits.unseen[0] == pytest.approx(30 * 20 / 10)


def test_a_pair_that_shares_nobody_leaves_a_finite_estimate_with_three_lists():
    # A and C share nobody, so the term 13 is at minus infinity and the cells of both drop out:
    # within the others A is as likely as before, which leaves Lincoln and Petersen on B.
    fits = fit(make_counts(40, 30, 10, 50, 0, 20, 0), parse("[13,2]", 3)[None])
    assert fits.state[0] == Fit.FITTED
    assert not fits.terms[0, 0b101]
    assert fits.unseen[0] == pytest.approx((40 + 50) * 30 / (10 + 20))


def test_a_model_that_the_empty_overlaps_leave_free_says_so():
    # With the cells of both gone, all others are terms themselves, the unseen one among them.
    counts = make_counts(27, 37, 0, 19, 4, 1, 0)
    fits = fit(counts, parse("[12,13,23]", 3)[None])
    assert fits.state[0] == Fit.NOT_IDENTIFIED
    assert np.isnan(fits.unseen[0])
    assert "free" in Fit(int(fits.state[0])).reason


def test_a_likelihood_without_a_maximum_says_so():
    # Korea of MultipleSystemsEstimation: its model of all pairs fails Fienberg and Rinaldo's test.
    counts = make_counts(5, 5, 54, 41, 6, 0, 12)
    assert fit(counts, parse("[12,13,23]", 3)[None]).state[0] == Fit.NOT_FINITE
    assert fit(counts, parse("[12,3]", 3)[None]).unseen[0] == pytest.approx(
        268.7778 - 123, abs=1e-4
    )
    assert fit(counts, parse("[12,23]", 3)[None]).unseen[0] == pytest.approx(34.16667, abs=1e-5)


four_lists = arrays(np.int64, 15, elements=st.integers(0, 30))


@given(four_lists, st.integers(0, 112))
@settings(max_examples=40, deadline=None)
def test_a_fit_reproduces_the_margins_of_its_terms(dense, which):
    model = hierarchical_models(4, 3)[which]
    fits = fit(dense[None], model[None])
    assume(fits.fitted[0] and fits.means[0][fits.cells[0]].min() > 1e-4)
    observed = CaptureTable.from_dense(tuple("ABCD"), dense)
    for term in np.flatnonzero(model):
        inside = [cell - 1 for cell in range(1, 16) if cell & term == term]
        margin = fits.means[0][inside].sum()
        assert margin == pytest.approx(observed.dense()[inside].sum(), abs=1e-3)


@given(four_lists, st.integers(0, 112))
@settings(max_examples=40, deadline=None)
def test_the_fit_and_the_linear_programme_agree_on_what_is_finite(dense, which):
    model = hierarchical_models(4, 3)[which][None]
    fits = fit(dense[None], model)
    terms, cells = reduce_to_interior(dense[None].astype(float), model)
    if not identifiable(terms, cells)[0]:
        assert fits.state[0] == Fit.NOT_IDENTIFIED
    else:
        finite = has_finite_estimate(dense.astype(float), terms[0], cells[0])
        assert (fits.state[0] == Fit.FITTED) == finite


@given(four_lists, st.integers(0, 112))
@settings(max_examples=40, deadline=None)
def test_the_alternating_sum_is_the_rank_condition(dense, which):
    model = hierarchical_models(4, 3)[which][None]
    terms, cells = reduce_to_interior(dense[None].astype(float), model)
    matrix = [
        [term & cell == term for term in np.flatnonzero(terms[0])]
        for cell in 1 + np.flatnonzero(cells[0])
    ]
    full = bool(matrix) and np.linalg.matrix_rank(np.array(matrix, dtype=float)) == terms[0].sum()
    assert identifiable(terms, cells)[0] == (full and bool(terms[0, 0]))


@given(four_lists)
@settings(max_examples=10, deadline=None)
def test_a_table_estimates_the_same_alone_and_in_a_batch(dense):
    models = hierarchical_models(4, 2)
    together = fit(dense[None], models)
    alone = [fit(dense[None], model[None]) for model in models[::16]]
    assert [int(one.state[0]) for one in alone] == together.state[::16].tolist()
    for one, other in zip(alone, together.unseen[::16], strict=True):
        assert one.unseen[0] == pytest.approx(other, rel=1e-7, nan_ok=True)


@given(four_lists, st.permutations(range(4)))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_lists_does_not_matter(dense, order):
    table = CaptureTable.from_dense(tuple("ABCD"), dense)
    shuffled = table.restricted_to(tuple("ABCD"[j] for j in order))
    first = fit(table.dense()[None], main_effects(4)[None])
    second = fit(shuffled.dense()[None], main_effects(4)[None])
    assert first.unseen[0] == pytest.approx(second.unseen[0], rel=1e-7, nan_ok=True)


def test_weights_add_up_and_fall_with_the_criterion():
    shares = weights(np.array([10.0, 12.0, np.inf]))
    assert shares.sum() == pytest.approx(1)
    assert shares[1] / shares[0] == pytest.approx(np.exp(-1))
    assert shares[2] == 0
