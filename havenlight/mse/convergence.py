"""Whether several chains of a sampler tell the same story."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]


def split_rhat(draws: Floats) -> float:
    """Return the rank-normalised split R-hat; 1 when the chains agree, more when they do not.

    Args:
        draws: shape (n_draws, n_chains), at least four draws a chain, of one quantity.
    Returns the larger of the R-hat of the ranks and that of the folded ranks, which see chains
    of different place and of different spread; infinity when a chain never moves.
    Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Bayesian Analysis 16, 667-718,
    sections 3 and 4.
    """
    halves = _split(draws)
    folded = np.abs(halves - np.median(halves))
    return max(_rhat(_normal_scores(halves)), _rhat(_normal_scores(folded)))


def effective_draws(draws: Floats) -> float:
    """Return how many independent draws the chains are worth for the bulk of the distribution.

    Args:
        draws: shape (n_draws, n_chains), at least eight draws a chain.
    Source: Vehtari et al. (2021), sections 3 and 4; the sum of autocorrelations stops after
    Geyer's (1992) initial positive monotone sequence.
    """
    scores = _normal_scores(_split(draws))
    n_draws, n_chains = scores.shape
    covariances = _autocovariances(scores).mean(axis=1)
    within = covariances[0] * n_draws / (n_draws - 1)
    pooled = within * (n_draws - 1) / n_draws + scores.mean(axis=0).var(ddof=1)
    if pooled == 0:
        return 0.0
    correlations = 1 - (within - covariances * n_draws / (n_draws - 1)) / pooled
    correlations[0] = 1.0
    pairs = correlations[: n_draws // 2 * 2].reshape(-1, 2).sum(axis=1)
    ends = np.flatnonzero(pairs < 0)
    pairs = np.minimum.accumulate(pairs[: ends[0]] if len(ends) else pairs)
    length = max(2 * float(pairs.sum()) - 1, 1 / np.log10(n_draws * n_chains))
    return float(n_draws * n_chains / length)


def _split(draws: Floats) -> Floats:
    """Cut every chain in two, so that a chain that drifts disagrees with itself."""
    half = len(draws) // 2
    return np.hstack([draws[:half], draws[-half:]])


def _normal_scores(values: Floats) -> Floats:
    """Replace values by normal quantiles of their ranks (Blom's offsets), ties alike."""
    from scipy.stats import rankdata  # noqa: PLC0415 -- a second to import, for this alone

    ranks = rankdata(values, axis=None).reshape(values.shape)
    return np.asarray(ndtri((ranks - 0.375) / (values.size + 0.25)))


def _rhat(scores: Floats) -> float:
    n_draws = len(scores)
    within = float(scores.var(axis=0, ddof=1).mean())
    between = float(scores.mean(axis=0).var(ddof=1))
    if within == 0:
        return float("inf")
    return float(np.sqrt((n_draws - 1) / n_draws + between / within))


def _autocovariances(scores: Floats) -> Floats:
    """Return the autocovariance of each chain by lag, shape (n_draws, n_chains)."""
    n_draws = len(scores)
    centred = scores - scores.mean(axis=0)
    spectrum = np.fft.rfft(centred, 2 * n_draws, axis=0)
    return np.asarray(np.fft.irfft(np.abs(spectrum) ** 2, axis=0)[:n_draws] / n_draws)
