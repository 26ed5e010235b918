"""Whether counts hold a finite and a unique estimate under a model, told before it is trusted."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from havenlight.mse.terms import Models, sizes


@lru_cache(maxsize=8)
def incidence(n_lists: int) -> NDArray[np.float64]:
    """Return 1 where a term is part of a cell, shape (2**k - 1, 2**k): cells by terms."""
    cells = np.arange(1, 1 << n_lists)[:, None]
    terms = np.arange(1 << n_lists)[None, :]
    matrix: NDArray[np.float64] = (terms & cells == terms).astype(np.float64)
    matrix.setflags(write=False)
    return matrix


def reduce_to_interior(counts: NDArray[np.float64], models: Models) -> tuple[Models, Models]:
    """Return the terms and cells that stay when empty margins take terms to minus infinity.

    Args:
        counts: persons per cell, shape (n, 2**k - 1).
        models: shape (n, 2**k).
    Returns the terms with a positive margin, shape (n, 2**k), and the cells in which the fitted
    mean is not zero, shape (n, 2**k - 1).
    Source: Chan, Silverman and Vincent (2021), section 2.
    """
    matrix = incidence(models.shape[1].bit_length() - 1)
    empty = models & (counts @ matrix == 0)
    cells = empty.astype(np.float64) @ matrix.T == 0
    return models & ~empty, cells


def identifiable(terms: Models, cells: Models) -> NDArray[np.bool_]:
    """Tell of each reduced model whether the counts could fix the number of unseen persons.

    The rows of the cells that are themselves terms form a triangle, so the model matrix can lack
    rank only when the intercept equals the alternating sum of the other terms in every cell left.
    That sum is a whole number, which makes this check exact; it is the rank condition of Chan,
    Silverman and Vincent (2021), section 3. Arguments as `reduce_to_interior` returns them.
    """
    n_lists = terms.shape[1].bit_length() - 1
    sign = np.where(sizes(n_lists) % 2 == 1, 1.0, -1.0)
    sign[0] = 0.0
    alternating = (terms * sign) @ incidence(n_lists).T
    return np.asarray((cells & (np.rint(alternating) != 1)).any(axis=1))


def has_finite_estimate(counts: NDArray[np.float64], terms: Models, cells: Models) -> bool:
    """Tell whether the maximum of the likelihood of one reduced model is finite.

    Solves: make the smallest of the means as large as can be, given that they have the observed
    margins. The maximum is finite exactly when that smallest mean is above zero (Fienberg and
    Rinaldo 2012, Annals of Statistics 40, p. 996, after Chan, Silverman and Vincent 2021). The
    answer depends on which cells hold someone, not on how many.
    """
    support = np.packbits(counts > 0).tobytes()
    return _solve(support, np.packbits(terms).tobytes(), np.packbits(cells).tobytes(), terms.size)


@lru_cache(maxsize=65536)
def _solve(support: bytes, terms: bytes, cells: bytes, n_terms: int) -> bool:
    from scipy.optimize import linprog  # noqa: PLC0415 -- half a second to import, for this alone

    n_lists = n_terms.bit_length() - 1
    kept_cells, kept_terms = _bits(cells, n_terms - 1), _bits(terms, n_terms)
    matrix = incidence(n_lists)[kept_cells][:, kept_terms]
    margins = matrix.T @ _bits(support, n_terms - 1)[kept_cells].astype(np.float64)
    # Each mean is the smallest one plus an excess that is not negative.
    columns = np.hstack([matrix.T, matrix.sum(axis=0)[:, None]])
    goal = np.zeros(columns.shape[1])
    goal[-1] = -1.0
    answer = linprog(goal, A_eq=columns, b_eq=margins, bounds=(0, None), method="highs")
    return answer.status == 0 and answer.x is not None and bool(answer.x[-1] > 1e-7)


def _bits(packed: bytes, size: int) -> NDArray[np.bool_]:
    return np.unpackbits(np.frombuffer(packed, dtype=np.uint8), count=size).astype(np.bool_)
