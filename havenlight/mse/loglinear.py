"""Poisson log-linear models, fitted by Newton's method to many tables and models at once."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtri

from havenlight.mse.existence import (
    has_finite_estimate,
    identifiable,
    incidence,
    reduce_to_interior,
)
from havenlight.mse.terms import Models

Floats = NDArray[np.float64]

CHUNK = 256  # fits worked on together: their matrices stay in the processor's cache
MAX_STEPS = 60
DECREMENT = 1e-10  # half the squared step in standard errors; the step after it is far smaller
# Persons. On the way to a maximum at infinity each step promises a rise of about the vanishing
# means, so a fit that settled while all its means are a thousand times DECREMENT is not on it.
SMALLEST_MEAN = 1e-7
RIDGE = 1e-11  # relative; keeps a fit without a finite maximum from a singular matrix


class Fit(IntEnum):
    """How one fit ended."""

    FITTED = 0
    NOT_IDENTIFIED = 1
    NOT_FINITE = 2

    @property
    def reason(self) -> str:
        """Return the sentence that stands where the number would."""
        return _REASONS[self]


_REASONS = {
    Fit.FITTED: "",
    Fit.NOT_IDENTIFIED: "the overlaps that are empty leave the number of unseen persons free",
    Fit.NOT_FINITE: "the likelihood has no maximum at finite values for these overlaps",
}


@dataclass(frozen=True, eq=False)
class Fits:
    """The fits of n models, each to its own counts.

    `unseen` is the mean number of persons no list saw, shape (n,), nan unless `state` is FITTED;
    `means` are the fitted persons per cell, (n, 2**k - 1); `terms` and `cells` what was left after
    empty margins (see `reduce_to_interior`); `log_likelihood` has the constants of the Poisson
    density, and `n_parameters` counts the terms at minus infinity too, as the packages do.
    """

    models: Models
    terms: Models
    cells: Models
    coefficients: Floats
    means: Floats
    unseen: Floats
    log_likelihood: Floats
    state: NDArray[np.int64]

    @property
    def n_parameters(self) -> NDArray[np.int64]:
        """Return the terms in each model, the intercept among them, shape (n,)."""
        return np.asarray(self.models.sum(axis=1))

    @property
    def fitted(self) -> NDArray[np.bool_]:
        """Tell which fits have a finite and unique estimate, shape (n,)."""
        return np.asarray(self.state == Fit.FITTED)

    def take(self, chosen: NDArray[np.generic]) -> Self:
        """Return some of the fits, by mask or by number."""
        return type(self)(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def put(self, chosen: NDArray[np.int64], others: Self) -> None:
        """Overwrite some of the fits, by number, with others."""
        for name in self.__dataclass_fields__:
            getattr(self, name)[chosen] = getattr(others, name)

    def log_error(self) -> Floats:
        """Return the standard error of log(unseen), shape (n,); nan where there is no fit."""
        errors = np.full(len(self.state), np.nan)
        for at in np.flatnonzero(self.fitted):
            wanted = np.flatnonzero(self.terms[at])
            first = np.zeros((1, wanted.size))
            first[0, 0] = 1.0
            hessian = _hessian(self.means[at : at + 1], wanted[None, :])
            errors[at] = np.sqrt(np.linalg.solve(hessian, first[:, :, None])[0, 0, 0])
        return errors

    def wald(self, n_observed: int, level: float) -> tuple[Floats, Floats]:
        """Return the ends of the interval for all persons that takes log(unseen) as normal."""
        reach = ndtri((1 + level) / 2) * self.log_error()
        return n_observed + self.unseen / np.exp(reach), n_observed + self.unseen * np.exp(reach)


def fit(counts: Floats, models: Models, offset: Floats | None = None) -> Fits:
    """Fit n log-linear models to n tables, in one batch.

    Args:
        counts: persons per cell, shape (n, 2**k - 1), or (1, 2**k - 1) for the same table.
        models: hierarchical, shape (n, 2**k), or (1, 2**k) for the same model.
        offset: when given, the logarithm of the unseen mean, held fixed, shape (n,).
    A model whose estimate is not finite or not unique is marked in `state`, never given a number.
    A converged fit with all means above zero has the observed margins, so it is itself the
    solution that the linear programme looks for; the programme runs for all other fits.
    Source: McCullagh and Nelder (1989), section 2.5; Chan, Silverman and Vincent (2021).
    """
    n = max(len(counts), len(models), 0 if offset is None else len(offset))
    counts = np.broadcast_to(np.asarray(counts, dtype=np.float64), (n, counts.shape[1]))
    models = np.broadcast_to(models, (n, models.shape[1]))
    terms, cells = reduce_to_interior(counts, models)
    state = np.where(identifiable(terms, cells), Fit.FITTED, Fit.NOT_IDENTIFIED).astype(np.int64)
    coefficients = np.zeros(models.shape)
    means = np.zeros(counts.shape)
    free = terms.copy()
    if offset is not None:
        free[:, 0] = False
        coefficients[:, 0] = offset
    proven = np.zeros(n, dtype=np.bool_)
    for rows in _alike(free.sum(axis=1), np.flatnonzero(state == Fit.FITTED)):
        coefficients[rows], means[rows], proven[rows] = _newton(
            counts[rows], cells[rows], free[rows], coefficients[rows]
        )
    for at in np.flatnonzero((state == Fit.FITTED) & ~proven):
        if not has_finite_estimate(counts[at], terms[at], cells[at]):
            state[at] = Fit.NOT_FINITE
    unseen = np.where(state == Fit.FITTED, np.exp(np.minimum(coefficients[:, 0], 700)), np.nan)
    likelihood = np.where(state == Fit.FITTED, _log_likelihood(counts, means), -np.inf)
    return Fits(models.copy(), terms, cells, coefficients, means, unseen, likelihood, state)


def _alike(sizes: NDArray[np.int64], wanted: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Cut the wanted rows into chunks of equal size of model, so that each is one array."""
    groups = [wanted[sizes[wanted] == size] for size in np.unique(sizes[wanted])]
    return [rows[at : at + CHUNK] for rows in groups for at in range(0, rows.size, CHUNK)]


def _log_likelihood(counts: Floats, means: Floats) -> Floats:
    logs = np.log(np.where(means > 0, means, 1.0))
    return np.asarray((counts * logs - means - gammaln(counts + 1)).sum(axis=1))


def _hessian(means: Floats, wanted: NDArray[np.int64]) -> Floats:
    """Return minus the second derivative, (n, p, p), for the terms numbered in wanted, (n, p).

    The entry of two terms is the mean of all cells that hold both, which is the margin of their
    union; so one product gives all margins, and the matrix is looked up in them.
    """
    margins = means @ incidence((means.shape[1] + 1).bit_length() - 1)
    unions = wanted[:, :, None] | wanted[:, None, :]
    n, p = wanted.shape
    return np.take_along_axis(margins, unions.reshape(n, -1), axis=1).reshape(n, p, p)


def _newton(
    counts: Floats, cells: Models, free: Models, start: Floats
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Climb the likelihoods of models with equally many free terms.

    Returns coefficients, means, and whether the fit proves by itself that its maximum is finite.
    """
    matrix = incidence(free.shape[1].bit_length() - 1)
    wanted = np.nonzero(free)[1].reshape(len(free), -1)
    coefficients = start.copy()
    means = np.where(cells, counts + 0.5, 0.0)
    gap = np.where(cells, np.log(counts + 0.5) - start @ matrix.T, 0.0)
    step = _step(means, means * gap, matrix, wanted)[0]
    np.put_along_axis(coefficients, wanted, step, axis=1)
    means = _means(coefficients, matrix, cells)
    settled = np.zeros(len(free), dtype=np.bool_)
    for _ in range(MAX_STEPS):
        at = np.flatnonzero(~settled)
        if at.size == 0:
            break
        step, rise = _step(means[at], counts[at] - means[at], matrix, wanted[at])
        moved, scale = _climb(counts[at], cells[at], coefficients[at], wanted[at], step)
        coefficients[at] = moved
        means[at] = _means(moved, matrix, cells[at])
        settled[at] = (rise / 2 < DECREMENT) & (scale == 1)
    smallest = np.where(cells, means, np.inf).min(axis=1)
    return coefficients, means, settled & (smallest > SMALLEST_MEAN)


def _means(coefficients: Floats, matrix: Floats, cells: Models) -> Floats:
    return np.where(cells, np.exp(np.minimum(coefficients @ matrix.T, 700.0)), 0.0)


def _step(
    weights: Floats, gap: Floats, matrix: Floats, wanted: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return the Newton step, shape (n, p), and the rise it promises, twice, shape (n,)."""
    hessian = _hessian(weights, wanted)
    diagonal = np.arange(wanted.shape[1])
    hessian[:, diagonal, diagonal] *= 1 + RIDGE
    hessian[:, diagonal, diagonal] += 1e-300
    score = np.take_along_axis(gap @ matrix, wanted, axis=1)
    step: Floats = np.linalg.solve(hessian, score[:, :, None])[:, :, 0].astype(np.float64)
    return step, np.asarray((step * score).sum(axis=1))


def _climb(
    counts: Floats, cells: Models, here: Floats, wanted: NDArray[np.int64], step: Floats
) -> tuple[Floats, Floats]:
    """Take the step, halved until the likelihood does not fall; return the place and the scale."""
    matrix = incidence(here.shape[1].bit_length() - 1)
    scale = np.ones(len(here))
    full = np.zeros_like(here)
    np.put_along_axis(full, wanted, step, axis=1)
    before = _height(counts, cells, here, matrix)
    for _ in range(30):
        after = _height(counts, cells, here + scale[:, None] * full, matrix)
        fell = ~(after >= before - 1e-9 * (1 + np.abs(before)))
        if not fell.any():
            break
        scale[fell] /= 2
    return here + scale[:, None] * full, scale


def _height(counts: Floats, cells: Models, coefficients: Floats, matrix: Floats) -> Floats:
    """Return the log-likelihood without its constants; coefficients far out give minus infinity."""
    logs = np.where(cells, coefficients @ matrix.T, 0.0)
    with np.errstate(over="ignore"):
        return np.asarray((counts * logs - np.where(cells, np.exp(logs), 0.0)).sum(axis=1))
