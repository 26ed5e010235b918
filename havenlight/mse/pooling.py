"""Partial pooling: strata that lend each other strength as far as they resemble each other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from havenlight.mse.errors import NotEstimable
from havenlight.mse.result import Estimate, Status

NAME = "partial pooling"
DRAWS = 20_000
SPREAD_SCALE = 0.5  # of the half-normal prior on the spread between strata, log scale
SPREADS = np.linspace(0.0025, 2.5, 500)
FEWEST_STRATA = 3  # with two, the spread between strata is the prior's
BORROWED = "no estimate of its own: this is what the other strata suggest, widened by their spread"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pooled:
    """Estimates that have borrowed from each other, and the total of the strata, in persons.

    `spread` is the posterior median of the standard deviation between strata of the logarithm of
    unobserved per observed person; 0.1 says that strata are alike to about 10%.
    """

    strata: Mapping[str, Estimate]
    total: Estimate
    spread: float


def pool(estimates: Mapping[str, Estimate], observed: Mapping[str, int], *, seed: int) -> Pooled:
    """Pool the estimates of strata, such as years or sexes, partially.

    Args:
        estimates: by stratum, all by one method and at one level. A stratum without a number, for
            instance because a list did not exist there, borrows everything from the others.
        observed: persons observed in each stratum; nobody may be in two strata.
        seed: of the random numbers by which the total's interval is found.
    Raises NotEstimable when fewer than three strata have an estimate with an interval; ValueError
    when the strata or levels do not match.
    Assumes that the strata's errors are independent and that their ratios of unobserved to
    observed persons come from one lognormal distribution: strata about which it is known
    beforehand that they differ should not be pooled.
    Source: normal hierarchical model on the logarithm of that ratio (Gelman et al. 2013, Bayesian
    Data Analysis, section 5.4), flat mean, half-normal spread of scale 0.5 (Röver 2020, Journal
    of Statistical Software 93(6), 1-51); standard errors from the intervals.
    """
    if set(estimates) != set(observed):
        raise ValueError("the strata of the estimates and of the persons observed differ")
    levels = {one.level for one in estimates.values()}
    if len(levels) != 1:
        raise ValueError("the estimates have intervals of different levels")
    level = levels.pop()
    known = {
        name: found for name, one in estimates.items() if (found := _log_ratio(one, observed[name]))
    }
    if len(known) < FEWEST_STRATA:
        raise NotEstimable(f"{len(known)} strata with an interval; pooling needs {FEWEST_STRATA}")
    centres, errors = np.array(list(known.values())).T
    spreads, ratios = _draw(centres, errors, len(estimates) - len(known), seed)
    order = [*known, *(name for name in estimates if name not in known)]
    sizes = {name: observed[name] * (1 + np.exp(ratios[:, i])) for i, name in enumerate(order)}
    strata = {
        name: _summary(sizes[name], estimates[name].name, level, "" if name in known else BORROWED)
        for name in estimates
    }
    total = _summary(np.sum(list(sizes.values()), axis=0), "total", level, "")
    return Pooled(strata, total, float(np.median(spreads)))


def _log_ratio(estimate: Estimate, observed: int) -> tuple[float, float] | None:
    """Return the log of unobserved per observed person with its standard error, if there is one.

    An interval that begins at the persons observed says nothing on its lower side in logarithms,
    so that its upper side alone gives the standard error.
    """
    if estimate.estimate is None or estimate.upper is None or estimate.lower is None:
        return None
    middle, low, high = (x - observed for x in (estimate.estimate, estimate.lower, estimate.upper))
    if not observed or not 0 < middle < high:
        return None
    wide = ndtri((1 + estimate.level) / 2)
    error = np.log(high / low) / (2 * wide) if low > 0 else np.log(high / middle) / wide
    return float(np.log(middle / observed)), float(error)


def _draw(centres: Floats, errors: Floats, unknown: int, seed: int) -> tuple[Floats, Floats]:
    """Draw spreads and log-ratios from the posterior: shapes (DRAWS,), (DRAWS, n_strata).

    The spread is drawn from its exact posterior on a grid, then the mean, then the strata; the
    last `unknown` columns are strata without an estimate.
    """
    rng = np.random.default_rng(seed)
    weights = 1 / (errors**2 + SPREADS[:, None] ** 2)
    precision = weights.sum(axis=1)
    means = weights @ centres / precision
    misfit = (weights * (centres - means[:, None]) ** 2).sum(axis=1)
    logs = (np.log(weights).sum(axis=1) - np.log(precision) - misfit) / 2
    logs -= (SPREADS / SPREAD_SCALE) ** 2 / 2
    chances = np.exp(logs - logs.max())
    at = rng.choice(len(SPREADS), DRAWS, p=chances / chances.sum())
    spread = SPREADS[at][:, None]
    mean = rng.normal(means[at], precision[at] ** -0.5)[:, None]
    own = 1 / (errors**-2 + spread**-2)
    known = rng.normal(own * (centres * errors**-2 + mean * spread**-2), np.sqrt(own))
    borrowed = rng.normal(mean, spread, (DRAWS, unknown))
    return SPREADS[at], np.hstack([known, borrowed])


def _summary(sizes: Floats, method: str, level: float, reason: str) -> Estimate:
    low, middle, high = np.quantile(sizes, [(1 - level) / 2, 0.5, (1 + level) / 2]).tolist()
    bare = Estimate(NAME, middle, low, high, level, model=method, status=Status.ESTIMATED)
    return replace(bare, criterion="posterior median", reason=reason)
