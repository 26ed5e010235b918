"""The latent class estimate: persons of several hidden kinds, lists independent within a kind."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from havenlight.mse.convergence import effective_draws, split_rhat
from havenlight.mse.errors import TableRefused
from havenlight.mse.latent_sampler import LatentSampler, Sampling
from havenlight.mse.result import Estimate, Status, no_estimate
from havenlight.mse.table import CaptureTable

NAME = "latent classes"
FEWEST_LISTS = 3
MOST_RHAT = 1.05
FEW_DRAWS = 400  # Vehtari et al. (2021), p. 668: below it the diagnostics themselves are shaky

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
    Comes back with status NOT_CONVERGED, and no number, when the chains disagree: rank-normalised
    split R-hat over 1.05. With fewer than three lists, or a list that shares nobody with the
    others, the status says so.
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
    draws = latent_draws(table, seed=seed, sampling=sampling, progress=progress)
    rhat = split_rhat(draws)
    if not rhat <= MOST_RHAT:
        return no_estimate(NAME, Status.NOT_CONVERGED, _disagreement(draws, rhat))
    lower, middle, upper = np.quantile(draws, [(1 - level) / 2, 0.5, (1 + level) / 2]).tolist()
    independent = effective_draws(draws)
    few = independent < FEW_DRAWS
    return Estimate(
        name=NAME,
        estimate=middle,
        lower=lower,
        upper=upper,
        level=level,
        model=f"up to {(sampling or Sampling()).n_classes} classes",
        criterion="posterior median",
        reason=f"the draws are worth only {independent:.0f} independent ones" if few else "",
        details={"rhat": rhat, "effective_draws": independent, "mean": float(draws.mean())},
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


def _disagreement(draws: NDArray[np.float64], rhat: float) -> str:
    middles = ", ".join(f"{middle:.0f}" for middle in np.median(draws, axis=0))
    return (
        f"the chains do not agree: R-hat {rhat:.2f} is over {MOST_RHAT}, "
        f"with medians of {middles} persons"
    )
