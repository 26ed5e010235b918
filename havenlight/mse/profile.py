"""The interval of a fixed model from its profile likelihood."""

import numpy as np
from scipy.special import chdtri

from havenlight.mse.errors import NotEstimable
from havenlight.mse.loglinear import Fit, Fits, Floats, fit
from havenlight.mse.terms import Models

WIDEST = 20.0  # the logarithm of the unseen mean is looked for this far from its estimate
HALVINGS = 45


def profile_interval(counts: Floats, model: Models, level: float) -> tuple[float, float]:
    """Return the ends, in persons seen and unseen, between which a model is not rejected.

    Args:
        counts: persons per cell, shape (2**k - 1,).
        model: shape (2**k,).
        level: 0 to 1.
    For each unseen mean all other terms are fitted anew; the interval holds the means whose twice
    log-likelihood lies less than the chi-square quantile with one degree of freedom below the
    maximum. The lower end is the number observed when no unseen person is not rejected, the upper
    end infinite when no number is too large.
    Raises NotEstimable when the model has no finite and unique estimate.
    Source: Cormack (1992), Biometrics 48, p. 567, here for the Poisson likelihood.
    """
    best = fit(counts[None, :], model[None, :])
    if not best.fitted[0]:
        raise NotEstimable(Fit(int(best.state[0])).reason)
    drop = chdtri(1, 1 - level) / 2
    ends = _ends(counts, best, float(drop))
    observed = counts.sum()
    lower = observed + np.exp(ends[0]) if np.isfinite(ends[0]) else observed
    upper = observed + np.exp(ends[1]) if np.isfinite(ends[1]) else np.inf
    return float(lower), float(upper)


def _ends(counts: Floats, best: Fits, drop: float) -> Floats:
    """Return where the profile has fallen by `drop` on both sides, infinite where it does not."""
    centre = np.full(2, np.log(best.unseen[0]))
    sides = np.array([-1.0, 1.0])
    peak = best.log_likelihood[0]
    inside, outside = centre.copy(), centre + sides * min(3 * best.log_error()[0], WIDEST)
    for _ in range(6):
        short = _profile(counts, best, outside) > peak - drop
        if not short.any():
            break
        inside[short] = outside[short]
        outside[short] = np.clip(2 * outside - centre, centre - WIDEST, centre + WIDEST)[short]
    endless = _profile(counts, best, outside) > peak - drop
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        above = _profile(counts, best, middle) > peak - drop
        inside, outside = np.where(above, middle, inside), np.where(above, outside, middle)
    return np.where(endless, sides * np.inf, (inside + outside) / 2)


def _profile(counts: Floats, best: Fits, log_unseen: Floats) -> Floats:
    """Return the highest log-likelihood for each held unseen mean, shape (n,)."""
    return fit(counts[None, :], best.models[:1], offset=log_unseen).log_likelihood
