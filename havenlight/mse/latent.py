"""The latent class estimate: persons of several hidden kinds, lists independent within a kind."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from havenlight.mse.convergence import effective_draws, split_rhat
from havenlight.mse.errors import TableRefused
from havenlight.mse.latent_sampler import LatentSampler, Sampling
from havenlight.mse.result import Estimate, Status, no_estimate
from havenlight.mse.table import CaptureTable

NAME = "latent_classes"
FEWEST_LISTS = 3
MOST_RHAT = 1.05
FEWEST_AT_THE_ENDS = 100  # independent draws; fewer leave the interval's ends to chance

Progress = Callable[[float], None]


def latent_classes(
    table: CaptureTable,
    *,
    seed: int,
    level: float = 0.95,
    sampling: Sampling | None = None,
    progress: Progress | None = None,
) -> Estimate:
    """Estimate the population size as the posterior median of the latent class model.

    Args:
        seed: of the random numbers; the same seed gives the same answer.
        level: posterior probability of the interval, which has equal tails.
        sampling: chains, classes and sweeps; `Sampling()` when None.
        progress: called now and then with the share done, 0 to 1.
    Comes back with status NOT_CONVERGED, and no number, when the chains disagree (rank-normalised
    split R-hat over 1.05), or when either end of the interval rests on fewer than 100 independent
    draws. With fewer than three lists, or a list that shares nobody with the others, the status
    says so.
    Assumes a closed population in which no one is counted twice, and that within each of at most
    `n_classes` kinds of person being on one list says nothing about being on another.
    Source: Manrique-Vallier (2016), Biometrics 72, 1246-1254; R-hat after Vehtari et al. (2021).
    """
    if table.n_lists < FEWEST_LISTS:
        return no_estimate(NAME, Status.NOT_APPLICABLE, f"{table.n_lists} lists; it needs three")
    try:
        table.check_overlaps()
    except TableRefused as refusal:
        return no_estimate(NAME, Status.NOT_ESTIMABLE, str(refusal))
    plan = sampling or Sampling()
    draws = latent_draws(table, seed=seed, sampling=plan, progress=progress)
    return judged(draws, level=level, n_classes=plan.n_classes)


def judged(draws: NDArray[np.float64], *, level: float, n_classes: int) -> Estimate:
    """Return the estimate that draws of shape (n_draws, n_chains) support, or why they do not."""
    lower, middle, upper = np.quantile(draws, [(1 - level) / 2, 0.5, (1 + level) / 2]).tolist()
    rhat, ends = split_rhat(draws), _draws_at(draws, lower, upper)
    if trouble := _trouble(draws, rhat, ends):
        return no_estimate(NAME, Status.NOT_CONVERGED, trouble)
    return Estimate(
        name=NAME,
        estimate=middle,
        lower=lower,
        upper=upper,
        level=level,
        model=f"up to {n_classes} classes",
        criterion="posterior median",
        details={
            "rhat": rhat,
            "effective_draws": effective_draws(draws),
            "effective_draws_at_the_ends": ends,
            "mean": float(draws.mean()),
        },
    )


def latent_draws(
    table: CaptureTable,
    *,
    seed: int,
    sampling: Sampling | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    """Draw population sizes from the posterior, in persons: shape (n_draws, n_chains).

    Takes what `latent_classes` takes and judges nothing: the draws mean something only when the
    chains agree.
    """
    plan = sampling or Sampling()
    sampler = LatentSampler(table, plan, np.random.default_rng(seed))
    draws = np.empty((plan.sweeps // plan.thin, plan.n_chains))
    total = plan.burn_in + plan.sweeps
    for sweep in range(total):
        missing = sampler.sweep()
        kept, rest = divmod(sweep - plan.burn_in, plan.thin)
        if kept >= 0 and rest == 0 and kept < len(draws):
            draws[kept] = missing
        if progress and sweep % max(total // 100, 1) == 0:
            progress(sweep / total)
    return draws + table.n_observed


def _draws_at(draws: NDArray[np.float64], lower: float, upper: float) -> float:
    """Return how many independent draws the less certain end of the interval is worth.

    Source: Vehtari et al. (2021), section 4, by the indicator of lying below the end.
    """
    return min(effective_draws((draws <= end).astype(np.float64)) for end in (lower, upper))


def _trouble(draws: NDArray[np.float64], rhat: float, ends: float) -> str:
    if not rhat <= MOST_RHAT:
        middles = ", ".join(f"{middle:.0f}" for middle in np.median(draws, axis=0))
        return (
            f"the chains do not agree: R-hat {rhat:.2f} is over {MOST_RHAT}, "
            f"with medians of {middles} persons"
        )
    if ends < FEWEST_AT_THE_ENDS:
        return (
            f"an end of the interval rests on {ends:.0f} independent draws, "
            f"under {FEWEST_AT_THE_ENDS}"
        )
    return ""
