"""Intervals by drawing the table again and choosing the model again in each draw."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from havenlight.mse.loglinear import Floats

Estimator = Callable[[Floats], Floats]  # tables (n, 2**k - 1) to all persons (n,), nan if none
Progress = Callable[[str, float], None]  # what is being done, and which share of it is done

PIECE = 250  # tables drawn between two reports of progress


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """The estimates of resampled tables, and what the BCa interval needs beside them.

    `replicates` are all persons, shape (n_resamples,), infinite where a resample has no finite
    estimate: so its upper end is not made better by leaving it out. `influence` is how far each
    person's absence moves the estimate, one value for each distinct history, and `weights` the
    persons with that history; their third moment is the acceleration.
    """

    estimate: float
    replicates: Floats
    influence: Floats
    weights: Floats

    @property
    def acceleration(self) -> float:
        """Return the constant a of DiCiccio and Efron (1996), section 2, by the jackknife."""
        cubes = (self.weights * self.influence**3).sum()
        squares = (self.weights * self.influence**2).sum()
        return float(cubes / (6 * squares**1.5)) if squares > 0 else 0.0

    @property
    def failed_share(self) -> float:
        """Return the share, 0 to 1, of resamples without a finite estimate."""
        return float(np.isinf(self.replicates).mean())

    def percentile(self, level: float) -> tuple[float, float]:
        """Return the interval between the quantiles of the replicates."""
        return self._quantiles(np.array([(1 - level) / 2, (1 + level) / 2]))

    def bca(self, level: float) -> tuple[float, float]:
        """Return the bias-corrected and accelerated interval.

        Source: DiCiccio and Efron (1996), Statistical Science 11, p. 189, section 2.
        """
        z = ndtri(np.array([(1 - level) / 2, (1 + level) / 2]))
        below = np.clip((self.replicates < self.estimate).mean(), 1e-9, 1 - 1e-9)
        bias = ndtri(below)
        return self._quantiles(ndtr(bias + (bias + z) / (1 - self.acceleration * (bias + z))))

    def _quantiles(self, at: Floats) -> tuple[float, float]:
        """Return quantiles as R's type 7; one beside an infinite replicate is infinite."""
        ordered = np.sort(self.replicates)
        place = at * (ordered.size - 1)
        low, high = np.floor(place).astype(np.int64), np.ceil(place).astype(np.int64)
        share = place - low
        with np.errstate(invalid="ignore"):
            between = np.where(share > 0, share * (ordered[high] - ordered[low]), 0.0)
        ends = ordered[low] + between
        ends = np.where(np.isnan(ends), np.inf, ends)
        return float(ends[0]), float(ends[1])


def silent(_what: str, _share: float) -> None:
    """Report no progress."""


def bootstrap(  # noqa: PLR0913  the last two have defaults that all but the strata keep
    counts: NDArray[np.int64],
    estimator: Estimator,
    n_resamples: int,
    rng: np.random.Generator,
    progress: Progress = silent,
    *,
    seen_varies: bool = False,
) -> Bootstrap:
    """Draw the table again and again, and estimate from each.

    Args:
        counts: persons per cell, shape (2**k - 1,).
        estimator: chooses a model and estimates, for many tables at once.
        n_resamples: multinomial draws of as many persons as were observed.
        seen_varies: draw also how many of the estimated persons are seen, as Buckland and
            Garthwaite (1991) do; the published intervals hold that number fixed, which makes them
            too narrow where most persons are seen.
    """
    n_observed = int(counts.sum())
    estimate = float(estimator(counts[None, :].astype(np.float64))[0])
    sizes = np.full(n_resamples, n_observed)
    if seen_varies and np.isfinite(estimate):
        sizes = rng.binomial(round(estimate), min(1.0, n_observed / estimate), size=n_resamples)
    draws = rng.multinomial(sizes, counts / n_observed)
    pieces = []
    for start in range(0, n_resamples, PIECE):
        progress("bootstrap", start / n_resamples)
        pieces.append(estimator(draws[start : start + PIECE].astype(np.float64)))
    replicates = np.concatenate(pieces)
    seen = np.flatnonzero(counts)
    fewer = np.repeat(counts[None, :].astype(np.float64), seen.size, axis=0)
    fewer[np.arange(seen.size), seen] -= 1
    left_out = estimator(fewer)
    weights = np.where(np.isfinite(left_out), counts[seen], 0).astype(np.float64)
    left_out = np.where(np.isfinite(left_out), left_out, 0.0)
    centre = (weights * left_out).sum() / max(weights.sum(), 1.0)
    return Bootstrap(
        estimate=estimate,
        replicates=np.where(np.isnan(replicates), np.inf, replicates),
        influence=np.where(weights > 0, centre - left_out, 0.0),
        weights=weights,
    )
