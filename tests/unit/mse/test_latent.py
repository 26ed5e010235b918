"""Latent classes: a case with an exact answer, R's answers, simulation, and refusals."""

import numpy as np
import pytest
from scipy.special import betaln, gammaln

from havenlight.mse.convergence import split_rhat
from havenlight.mse.latent import judged, latent_classes, latent_draws
from havenlight.mse.latent_sampler import Sampling
from havenlight.mse.result import Status
from havenlight.mse.table import CaptureTable
from tests.unit.mse.bayesian_tables import dense_table, public_table, reference

PLAIN = (1.0,)


def exact_independence(table: CaptureTable, share: float) -> float:
    """Return a quantile of the size when there is one class, where the posterior is a formula."""
    sizes = table.n_observed + np.arange(0.0, 20_000)
    logs = gammaln(sizes + 1) - gammaln(sizes - table.n_observed + 1) - np.log(sizes)
    for total in table.list_totals():
        logs += betaln(1 + total, 1 + sizes - total)
    below = np.cumsum(np.exp(logs - logs.max()))
    return float(sizes[np.searchsorted(below, share * below[-1])])


@pytest.mark.parametrize("thinning", [PLAIN, (1.0, 0.4)])
def test_one_class_gives_the_exact_posterior_at_any_temperatures(thinning):
    table = dense_table(60, 70, 15, 50, 10, 12, 4)
    plan = Sampling(n_classes=1, burn_in=50, sweeps=800, thin=1, thinning=thinning)
    draws = latent_draws(table, seed=5, sampling=plan)
    for share in (0.1, 0.5, 0.9):
        assert np.quantile(draws, share) == pytest.approx(
            exact_independence(table, share), rel=0.04
        )


def two_kinds(rng: np.random.Generator) -> CaptureTable:
    """Simulate 2,000 persons of whom 900 are easily seen by all four lists, and 1,100 hardly."""
    easy = rng.random((900, 4)) < [0.7, 0.65, 0.6, 0.7]
    hard = rng.random((1100, 4)) < [0.2, 0.15, 0.25, 0.2]
    cells = np.vstack([easy, hard]) @ (1 << np.arange(4))
    return CaptureTable.from_dense(tuple("ABCD"), np.bincount(cells, minlength=16)[1:])


def test_two_kinds_of_person_are_covered_where_independence_is_too_low():
    table = two_kinds(np.random.default_rng(2))
    plan = Sampling(n_classes=3, burn_in=200, sweeps=1000, thin=1, thinning=(1.0, 0.5))
    draws = latent_draws(table, seed=1, sampling=plan)
    assert split_rhat(draws) < 1.1
    assert exact_independence(table, 0.975) < 2000
    assert np.quantile(draws, 0.025) < 2000 < np.quantile(draws, 0.975)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    table = dense_table(60, 70, 15, 50, 10, 12, 4)
    plan = Sampling(burn_in=0, sweeps=40)
    first = latent_draws(table, seed=3, sampling=plan)
    assert (latent_draws(table, seed=3, sampling=plan) == first).all()
    assert (latent_draws(table, seed=4, sampling=plan) != first).any()
    assert first.shape == (8, 4)
    assert (first >= table.n_observed).all()


def test_chains_that_did_not_meet_give_no_number():
    plan = Sampling(burn_in=0, sweeps=200, thinning=PLAIN)
    answer = latent_classes(public_table("Ned_5"), seed=1, sampling=plan)
    assert answer.status is Status.NOT_CONVERGED
    assert answer.estimate is answer.lower is answer.upper is None
    assert answer.reason.startswith("the chains do not agree: R-hat")


@pytest.mark.long
def test_the_dutch_lists_are_refused_by_the_plain_sampler_however_the_seed_falls():
    """One chain alone gave R 48,660, 49,187 or 141,919, by its seed."""
    plan = Sampling(burn_in=10_000, sweeps=20_000, thinning=PLAIN)
    for seed in (1, 2, 3):
        answer = latent_classes(public_table("Ned_5"), seed=seed, sampling=plan)
        assert answer.status is Status.NOT_CONVERGED


@pytest.mark.long
def test_the_dutch_lists_are_refused_with_tempering_too():
    """The chains then agree on the middle, but reach the ends too seldom to give an interval."""
    assert latent_classes(public_table("Ned_5"), seed=1).status is Status.NOT_CONVERGED


def test_an_interval_whose_ends_are_chance_is_refused_though_the_chains_agree():
    draws = np.random.default_rng(1).normal(50_000, 4_000, (4000, 4))
    draws[3000:3600, 1] += np.linspace(0, 60_000, 600)
    answer = judged(draws, level=0.95, n_classes=10)
    assert split_rhat(draws) < 1.05
    assert answer.status is Status.NOT_CONVERGED
    assert "an end of the interval rests on" in answer.reason


def test_draws_that_agree_give_their_quantiles():
    draws = np.random.default_rng(1).normal(50_000, 4_000, (2000, 4))
    answer = judged(draws, level=0.8, n_classes=10)
    assert (answer.lower, answer.upper) == tuple(np.quantile(draws, [0.1, 0.9]))
    assert answer.details["effective_draws_at_the_ends"] > 4000


@pytest.mark.long
def test_the_uk_lists_agree_with_the_quantiles_of_r():
    """R's own four runs differ among themselves; ours must lie among them or as near."""
    theirs = reference("UKdat_5")
    runs = np.column_stack([list(theirs["lcmcr_seed1234"]["q"].values()), theirs["lcmcr_seeds123"]])
    draws = latent_draws(public_table("UKdat_5"), seed=1)
    assert split_rhat(draws) <= 1.05
    for ours, values in zip(np.quantile(draws, [0.025, 0.5, 0.975]), runs, strict=True):
        spread = max(np.ptp(values), 0.05 * values.mean())
        assert values.min() - spread <= ours <= values.max() + spread


def test_two_lists_and_lists_that_share_nobody_are_refused_without_sampling():
    assert latent_classes(dense_table(9, 8, 3), seed=1).status is Status.NOT_APPLICABLE
    lonely = latent_classes(dense_table(40, 50, 9, 60, 0, 0, 0), seed=1)
    assert lonely.status is Status.NOT_ESTIMABLE
    assert "list 'C' has no person in common" in lonely.reason


def test_progress_rises_from_nothing_to_nearly_all():
    seen = []
    plan = Sampling(burn_in=20, sweeps=180, thin=5, thinning=PLAIN)
    latent_draws(dense_table(9, 8, 3, 7, 2, 2, 1), seed=1, sampling=plan, progress=seen.append)
    assert seen == sorted(seen)
    assert (seen[0], len(seen)) == (0, 100)


@pytest.mark.parametrize(
    "wrong",
    [{"n_chains": 1}, {"n_classes": 0}, {"sweeps": 10}, {"thin": 0}, {"thinning": (0.5, 1.0)}],
)
def test_a_run_that_cannot_be_judged_is_refused(wrong):
    with pytest.raises(ValueError, match=r"fewer than|temperatures"):
        Sampling(**wrong)
