"""Stepwise choice of the pairs of lists that depend on each other, for many tables at once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr, pdtrc

from havenlight.mse.existence import incidence
from havenlight.mse.loglinear import Fits, Floats, fit
from havenlight.mse.terms import Models, main_effects, pair_terms


@dataclass(frozen=True, eq=False)
class Path:
    """What entered the models of n tables, in order, and the fits they ended with.

    `entered` holds the number of the term that came in at each step, shape (n, n_pairs), -1 after
    the last; `p_values` its p-value, shape (n, n_pairs), nan after the last.
    """

    fits: Fits
    entered: NDArray[np.int64]
    p_values: Floats


def stepwise(counts: Floats, threshold: float) -> Path:
    """Add two-list terms one by one while the smallest p-value is below the threshold.

    Args:
        counts: persons per cell, shape (n, 2**k - 1); each table is chosen for on its own.
        threshold: 0 gives the model of independent lists; 1 adds whatever can be added.
    A term that would leave the model without a finite and unique estimate is passed over.
    Source: Chan, Silverman and Vincent (2021), section 4.
    """
    n_lists = (counts.shape[1] + 1).bit_length() - 1
    n, pairs = len(counts), np.array(pair_terms(n_lists))
    models = np.tile(main_effects(n_lists), (n, 1))
    fits = fit(counts, models)
    entered = np.full((n, pairs.size), -1)
    p_values = np.full((n, pairs.size), np.nan)
    refused = np.zeros((n, pairs.size), dtype=np.bool_)
    active = np.flatnonzero(fits.fitted)
    while active.size:
        chances = _chances(counts[active], fits.take(active), pairs)
        chances[refused[active] | fits.models[active][:, pairs]] = np.inf
        best = chances.argmin(axis=1)
        lowest = chances[np.arange(active.size), best]
        going = lowest < threshold
        active, best, lowest = active[going], best[going], lowest[going]
        grown = fits.models[active]
        grown[np.arange(active.size), pairs[best]] = True
        tried = fit(counts[active], grown)
        accepted = active[tried.fitted]
        step = (entered[accepted] >= 0).sum(axis=1)
        entered[accepted, step] = pairs[best[tried.fitted]]
        p_values[accepted, step] = lowest[tried.fitted]
        fits.put(accepted, tried.take(tried.fitted))
        refused[accepted] = False
        refused[active[~tried.fitted], best[~tried.fitted]] = True
    return Path(fits, entered, p_values)


def _chances(counts: Floats, fits: Fits, pairs: NDArray[np.int64]) -> Floats:
    """Return the p-value of each pair's overlap under the fitted model, shape (n, n_pairs).

    The overlap, whoever else saw these persons, is Poisson under the model; the p-value is the
    smaller one of its two tails, each with the observed number.
    """
    above = incidence(fits.models.shape[1].bit_length() - 1)[:, pairs]
    observed, expected = counts @ above, fits.means @ above
    upper = np.where(observed > 0, pdtrc(np.maximum(observed - 1, 0), expected), 1.0)
    return np.asarray(np.minimum(pdtr(observed, expected), upper))


def stepwise_estimator(threshold: float) -> Callable[[Floats], Floats]:
    """Return an estimator of all persons that chooses anew for each table it is given."""
    return partial(_estimate, threshold=threshold)


def _estimate(counts: Floats, threshold: float) -> Floats:
    return np.asarray(counts.sum(axis=1) + stepwise(counts, threshold).fits.unseen)


def threshold_path(counts: Floats) -> list[tuple[float, Models]]:
    """Return every model that some threshold gives for one table, from the strictest on.

    Args:
        counts: persons per cell, shape (2**k - 1,).
    Returns pairs of a threshold and a model, shape (2**k,): the model is the one for every
    threshold above that value up to the next pair's. Terms that enter at a smaller p-value than
    an earlier one come in with it, so they share its threshold.
    """
    path = stepwise(counts[None, :], 1.0)
    n_lists = (counts.size + 1).bit_length() - 1
    found = [(0.0, main_effects(n_lists))]
    for term, p_value in zip(path.entered[0], path.p_values[0], strict=True):
        if term < 0:
            break
        threshold, model = found[-1]
        grown = model.copy()
        grown[term] = True
        if p_value > threshold:
            found.append((float(p_value), grown))
        else:
            found[-1] = (threshold, grown)
    return found
