import numpy as np
import pytest

from havenlight.mse.bootstrap import bootstrap
from havenlight.mse.criteria import Criterion, best_of, scores
from havenlight.mse.loglinear import fit
from havenlight.mse.stepwise import stepwise, stepwise_estimator, threshold_path
from havenlight.mse.terms import hierarchical_models, notation, pairs_named

SETS = ("UKdat", "UKdat_5", "Ned", "Ned_5")


@pytest.mark.parametrize("name", SETS)
def test_every_threshold_chooses_and_estimates_as_the_package(published, classical, name):
    table = published(name)
    for threshold, reference in classical(name)["stepwise"].items():
        fits = stepwise(table.dense()[None].astype(float), float(threshold)).fits
        chosen = pairs_named(fits.models[0], table.lists)
        assert sorted(chosen) == sorted(reference["terms"])
        ours = table.n_observed + fits.unseen[0]
        assert ours == pytest.approx(reference["estimate"], rel=1e-8)
        lower, upper = fits.wald(table.n_observed, 0.95)
        assert lower[0] == pytest.approx(reference["lower"], rel=1e-5)
        assert upper[0] == pytest.approx(reference["upper"], rel=1e-5)
        assert scores(fits, table.n_observed, Criterion.AIC)[0] == pytest.approx(reference["aic"])


@pytest.mark.parametrize("name", ["UKdat_5", "Ned_5"])
def test_every_resample_is_estimated_as_by_the_package(resampled, name):
    drawn = resampled[name]
    counts = np.array([one["counts"] for one in drawn], dtype=float)
    ours = counts.sum(axis=1) + stepwise(counts, 0.02).fits.unseen
    assert ours == pytest.approx([one["estimate"] for one in drawn], rel=1e-6)


@pytest.mark.parametrize("name", SETS)
def test_the_path_holds_the_model_of_every_threshold(published, name):
    counts = published(name).dense().astype(float)
    path = threshold_path(counts)
    for threshold in (1e-9, 0.001, 0.02, 0.05, 0.2, 1.0):
        chosen = stepwise(counts[None], threshold).fits.models[0]
        reached = [model for start, model in path if start < threshold]
        assert notation(reached[-1]) == notation(chosen)


@pytest.mark.parametrize("name", ["UKdat_5", "Ned_5"])
def test_the_stepwise_bootstrap_has_the_packages_acceleration(published, classical, name):
    table, reference = published(name), classical(name)["stepwise_bca"]
    drawn = bootstrap(table.dense(), stepwise_estimator(0.02), 400, np.random.default_rng(7))
    assert drawn.estimate == pytest.approx(reference["popest"], rel=1e-8)
    assert drawn.acceleration == pytest.approx(reference["ahat"], abs=1e-7)
    assert np.median(drawn.replicates) == pytest.approx(reference["boot_median"], rel=0.05)


def test_korea_gives_the_published_acceleration():
    # MultipleSystemsEstimation 1.2.0, manual page of estimate_population_stepwise.
    counts = np.array([5, 5, 54, 41, 6, 0, 12])
    drawn = bootstrap(counts, stepwise_estimator(0.02), 50, np.random.default_rng(7))
    assert drawn.estimate == pytest.approx(268.7778, abs=1e-4)
    assert drawn.acceleration == pytest.approx(-0.02877338, abs=1e-7)


def test_the_bic_bootstrap_agrees_within_its_own_noise(published, classical):
    table, reference = published("UKdat_5"), classical("UKdat_5")["bic_bca"]
    models = hierarchical_models(5, 2)
    values = scores(fit(table.dense()[None], models), table.n_observed, Criterion.BIC)
    estimator = best_of(models[values.argsort()[:20]], Criterion.BIC)
    drawn = bootstrap(table.dense(), estimator, 400, np.random.default_rng(7))
    ends = [*drawn.bca(0.95), *drawn.bca(0.8)]
    theirs = [reference[at] for at in ("0.025", "0.975", "0.1", "0.9")]
    # The draws have two humps, 11,000 and 23,000; twenty seeds put the ends this far apart.
    assert ends == pytest.approx(theirs, rel=0.2)
