"""The Bayesian threshold method: keep the pairs whose posterior stands clear of zero."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from havenlight.mse.convergence import split_rhat
from havenlight.mse.existence import incidence
from havenlight.mse.loglinear import Floats
from havenlight.mse.result import Estimate, Status, no_estimate
from havenlight.mse.table import CaptureTable
from havenlight.mse.terms import Models, all_pairs, main_effects, notation, pairs_named, sizes

NAME = "bayes_threshold"
CHAINS = 64
BURN_IN = 600
KEPT = 4000
LARGEST_R_HAT = 1.05
THIN = 10  # for R-hat, which sorts all draws; neighbouring ones tell it nothing new


@dataclass(frozen=True, eq=False)
class _Draws:
    """Draws of the terms of one model, shape (KEPT, CHAINS, n_terms), the intercept first."""

    terms: NDArray[np.int64]
    values: Floats

    @property
    def r_hat(self) -> float:
        """Return the largest split R-hat among the terms."""
        return max(split_rhat(self.values[::THIN, :, j]) for j in range(self.terms.size))


def bayes_threshold(
    table: CaptureTable,
    *,
    seed: int,
    threshold: float = 2.0,
    prior_variance: float = 1.0,
    level: float = 0.95,
) -> Estimate:
    """Estimate by dropping the pairs whose posterior mean is within `threshold` deviations of zero.

    Args:
        seed: of the sampling; equal seeds give equal numbers.
        threshold: posterior standard deviations, 0 keeps every pair.
        prior_variance: of the normal prior of each pair's term; intercept and lists have flat ones.
        level: of the interval between posterior quantiles, 0 to 1; the estimate is the median.
    64 chains are run; where R-hat is over 1.05 the answer is NOT_CONVERGED and has no number.
    Source: Silverman (2020), JRSS A 183, p. 691, section 4, with the normal prior of
    MultipleSystemsEstimation 1.2.0.
    """
    criterion = f"posterior ratio {threshold:g}"
    if not table.list_totals().all():
        reason = "a list that saw nobody leaves its flat prior without an end"
        return no_estimate(NAME, Status.NOT_APPLICABLE, reason, criterion=criterion)
    rng = np.random.default_rng(seed)
    counts = table.dense().astype(np.float64)
    first = _sample(counts, all_pairs(table.n_lists), prior_variance, rng)
    pairs = sizes(table.n_lists)[first.terms] == 2
    ratio = np.abs(first.values.mean(axis=(0, 1))) / first.values.std(axis=(0, 1))
    model = main_effects(table.n_lists).copy()
    model[first.terms[pairs & (ratio >= threshold)]] = True
    second = _sample(counts, model, prior_variance, rng)
    r_hat = max(first.r_hat, second.r_hat)
    if r_hat > LARGEST_R_HAT:
        reason = f"the chains disagree: R-hat {r_hat:.3f} is over {LARGEST_R_HAT}"
        return no_estimate(NAME, Status.NOT_CONVERGED, reason, criterion=criterion)
    total = table.n_observed + np.exp(second.values[:, :, 0])
    lower, median, upper = np.quantile(total, [(1 - level) / 2, 0.5, (1 + level) / 2]).tolist()
    details: dict[str, Any] = {"r_hat": r_hat, "retained": pairs_named(model, table.lists)}
    return Estimate(NAME, median, lower, upper, level, notation(model), criterion, details=details)


def _sample(counts: Floats, model: Models, variance: float, rng: np.random.Generator) -> _Draws:
    """Run random-walk chains, scaled by the curvature at the mode, from around that mode.

    The step is the one of Roberts, Gelman and Gilks (1997): 2.4 deviations over the root of the
    number of terms.
    """
    terms = np.flatnonzero(model)
    n_lists = model.size.bit_length() - 1
    matrix = incidence(n_lists)[:, terms]
    precision = np.where(sizes(n_lists)[terms] >= 2, 1 / variance, 0.0)
    mode, spread = _mode(counts, matrix, precision)
    at = mode + 1.5 * rng.standard_normal((CHAINS, terms.size)) @ spread.T
    height = _height(counts, matrix, precision, at)
    values = np.empty((KEPT, CHAINS, terms.size))
    scaled = 2.4 / np.sqrt(terms.size) * spread.T
    for step in range(BURN_IN + KEPT):
        proposal = at + rng.standard_normal(at.shape) @ scaled
        reached = _height(counts, matrix, precision, proposal)
        accepted = np.log(rng.random(CHAINS)) < reached - height
        at[accepted], height[accepted] = proposal[accepted], reached[accepted]
        if step >= BURN_IN:
            values[step - BURN_IN] = at
    return _Draws(terms, values)


def _height(counts: Floats, matrix: Floats, precision: Floats, at: Floats) -> Floats:
    """Return the logarithm of the posterior density at each place, without its constant."""
    logs = np.minimum(at @ matrix.T, 700.0)
    return np.asarray(logs @ counts - np.exp(logs).sum(axis=1) - (at**2 @ precision) / 2)


def _mode(counts: Floats, matrix: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """Return the posterior mode and a square root of the inverse curvature there."""
    weights = counts + 0.5
    curvature = matrix.T @ (weights[:, None] * matrix) + np.diag(precision)
    at: Floats = np.linalg.solve(curvature, matrix.T @ (weights * np.log(weights))).astype(float)
    for _ in range(100):
        means = np.exp(matrix @ at)
        slope = matrix.T @ (counts - means) - precision * at
        curvature = matrix.T @ (means[:, None] * matrix) + np.diag(precision)
        step = np.linalg.solve(curvature, slope)
        at += step * min(1.0, 2.0 / float(np.abs(step).max() + 1e-12))
        if np.abs(step).max() < 1e-9:
            break
    root: Floats = np.linalg.inv(np.linalg.cholesky(curvature)).T.astype(np.float64)
    return at, root
