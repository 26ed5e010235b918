"""Choosing among many models by AIC, AICc or BIC, and the weight each model gets."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial

import numpy as np
from numpy.typing import NDArray

from havenlight.mse.loglinear import Fits, Floats, fit
from havenlight.mse.terms import Models

TOP_MODELS = 20  # chosen among again in each resample, as in Silverman, Chan and Vincent (2024)


class Criterion(StrEnum):
    """What a model pays for each parameter."""

    AIC = "AIC"
    AICC = "AICc"
    BIC = "BIC"


def scores(fits: Fits, n_observed: NDArray[np.int64] | int, criterion: Criterion) -> Floats:
    """Return the criterion of each fit, shape (n,), infinite where there is no estimate.

    Args:
        n_observed: persons in each table; the sample size of AICc and BIC, as in Rcapture.
    Source: Burnham and Anderson (2002), sections 2.2, 2.4 and 6.4.
    """
    p = fits.n_parameters
    price = {
        Criterion.AIC: 2.0 * p,
        Criterion.AICC: 2.0 * p * np.asarray(n_observed) / np.maximum(n_observed - p - 1, 1),
        Criterion.BIC: p * np.log(n_observed),
    }[criterion]
    return np.asarray(-2 * fits.log_likelihood + price)


def weights(values: Floats) -> Floats:
    """Return the weight of each model, shape (n,), 0 to 1 and adding to 1.

    With BIC it approximates the probability of the model when all were as likely before the data.
    Source: Burnham and Anderson (2002), section 2.9.
    """
    relative = np.exp(-(values - values.min()) / 2)
    return np.asarray(relative / relative.sum())


def best_of(models: Models, criterion: Criterion) -> Callable[[Floats], Floats]:
    """Return an estimator that chooses among these models anew for each table it is given."""
    return partial(_choose, models=models, criterion=criterion)


def _choose(counts: Floats, models: Models, criterion: Criterion) -> Floats:
    """Return all persons by the best model of each table, shape (n,), nan when none is fitted."""
    n, m = len(counts), len(models)
    fits = fit(np.repeat(counts, m, axis=0), np.tile(models, (n, 1)))
    observed = counts.sum(axis=1)
    values = scores(fits, np.repeat(observed, m), criterion).reshape(n, m)
    best = values.argmin(axis=1)
    return np.asarray(observed + fits.unseen.reshape(n, m)[np.arange(n), best])
