import numpy as np
import pytest

from havenlight.mse.criteria import Criterion, scores
from havenlight.mse.loglinear import fit
from havenlight.mse.search import compare, search
from havenlight.mse.terms import hierarchical_models, notation


def test_all_models_of_five_lists_are_compared_and_those_without_estimate_counted(published):
    found = compare(published("Ned_5").dense().astype(float), Criterion.BIC, 3)
    assert (found.complete, found.n_compared, found.n_without_estimate) == (True, 6212, 129)
    assert notation(found.fits.models[0]) == "[135,12,24,34]"
    assert found.weights.sum() == pytest.approx(1)
    assert (np.diff(found.scores) >= 0).all()


@pytest.mark.parametrize("name", ["UKdat_5", pytest.param("Ned_5", marks=pytest.mark.long)])
def test_the_search_finds_what_the_full_list_has_at_its_top(published, name):
    counts = published(name).dense().astype(float)
    met = {notation(model) for model in search(counts, Criterion.BIC, 3)}
    full = compare(counts, Criterion.BIC, 3)
    assert {notation(model) for model in full.fits.models[:20]} <= met


@pytest.mark.long
@pytest.mark.parametrize("name", ["UKdat", "Ned"])
def test_the_search_finds_the_best_of_the_32768_pairwise_models_of_six_lists(published, name):
    table = published(name)
    counts = table.dense().astype(float)
    models = hierarchical_models(6, 2)
    values = scores(fit(counts[None], models), table.n_observed, Criterion.BIC)
    met = {notation(model) for model in search(counts, Criterion.BIC, 2)}
    assert {notation(model) for model in models[values.argsort()[:20]]} <= met
