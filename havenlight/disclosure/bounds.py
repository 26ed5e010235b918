"""The least and the most that each count can be, by propagation and by linear programmes."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from havenlight.disclosure.errors import LedgerContradicts
from havenlight.disclosure.solver import Optimum, Solver
from havenlight.disclosure.system import Floats, Ints, System

_ROUNDS = 50
_EPSILON = 1e-6


def propagate(system: System) -> tuple[Floats, Floats]:
    """Tighten the bounds of all columns, row by row, until nothing moves; counts are whole.

    Raises LedgerContradicts when a count would have to be less than its least.
    """
    rows = vstack([system.equal, -system.equal, system.at_most], format="csr")
    terms = rows.tocoo()
    lower, upper = system.lower.copy(), system.upper.copy()
    up = terms.data > 0
    for _ in range(_ROUNDS):
        before = (upper - lower).sum()
        # A row is at most 0: what the others leave at least bounds each of its terms.
        least = np.where(up, terms.data * lower[terms.col], terms.data * upper[terms.col])
        rest = np.bincount(terms.row, least, rows.shape[0])[terms.row] - least
        limit = -rest / terms.data
        np.minimum.at(upper, terms.col[up], np.floor(limit[up] + _EPSILON))
        np.maximum.at(lower, terms.col[~up], np.ceil(limit[~up] - _EPSILON))
        if (lower > upper).any():
            raise LedgerContradicts("what was published leaves no possible table")
        if (upper - lower).sum() == before:
            break
    return lower, upper


@dataclass
class Programme:
    """Counts that hang together, and a linear programme on them.

    columns: which columns of the system, in order; the arrays here follow that order.
    """

    columns: Ints
    lower: Floats
    upper: Floats
    equal: csr_array
    at_most: csr_array
    at_most_rows: Ints

    @cached_property
    def _solver(self) -> Solver:
        return Solver(self.lower, self.upper, self.equal, self.at_most)

    def solve(self, objective: Floats) -> Optimum:
        """Make `objective`, one number for each column, as large as it can be."""
        return self._solver.most(objective)

    def extreme(self, column: int, sign: int) -> Optimum:
        """The most (sign 1) or the least (-1) that one column of the system can be."""
        objective = np.zeros(len(self.columns))
        objective[np.searchsorted(self.columns, column)] = sign
        return self.solve(objective)


def programmes(system: System, lower: Floats, upper: Floats) -> list[Programme]:
    """Cut the system into programmes that share no count that is still open."""
    rows = vstack([system.equal, system.at_most], format="csr")
    is_open = lower < upper
    label = _labels(rows, is_open)
    n_equal = system.equal.shape[0]
    row_label = _row_labels(rows, is_open, label)
    found = []
    for one in np.unique(row_label[row_label >= 0]):
        held = np.flatnonzero(row_label == one)
        columns = np.unique(rows[held].indices).astype(np.int64)
        equal, at_most = held[held < n_equal], held[held >= n_equal] - n_equal
        found.append(
            Programme(
                columns,
                lower[columns],
                upper[columns],
                system.equal[equal][:, columns],
                system.at_most[at_most][:, columns],
                at_most,
            )
        )
    return found


def _labels(rows: csr_array, is_open: NDArray[np.bool_]) -> Ints:
    """Number the groups of open columns that rows hold together."""
    n_rows, n_columns = rows.shape
    terms = rows.tocoo()
    kept = is_open[terms.col]
    ends = (terms.row[kept], n_rows + terms.col[kept])
    n = n_rows + n_columns
    graph = csr_array((np.ones(kept.sum()), ends), shape=(n, n))
    _, label = connected_components(graph, directed=False)
    return np.asarray(label[n_rows:], dtype=np.int64)


def _row_labels(rows: csr_array, is_open: NDArray[np.bool_], label: Ints) -> Ints:
    """The group of each row; -1 for a row of which every column is fixed."""
    terms = rows.tocoo()
    kept = is_open[terms.col]
    found = np.full(rows.shape[0], -1, dtype=np.int64)
    found[terms.row[kept]] = label[terms.col[kept]]
    return found
