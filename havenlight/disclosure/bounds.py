"""The least and the most that each count can be, by propagation and by linear programmes."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from havenlight.disclosure.errors import LedgerContradicts
from havenlight.disclosure.solver import Optimum, Solver
from havenlight.disclosure.sparse import Floats, Ints, Sparse, groups, stacked
from havenlight.disclosure.system import System

_ROUNDS = 50
_EPSILON = 1e-6


def propagate(system: System) -> tuple[Floats, Floats]:
    """Tighten the bounds of all columns, row by row, until nothing moves; counts are whole.

    Raises LedgerContradicts when a count would have to be less than its least.
    """
    terms = stacked([system.equal, -system.equal, system.at_most])
    lower, upper = system.lower.copy(), system.upper.copy()
    up = terms.value > 0
    for _ in range(_ROUNDS):
        before = (upper - lower).sum()
        # A row is at most 0: what the others leave at least bounds each of its terms.
        least = terms.value * np.where(up, lower[terms.column], upper[terms.column])
        rest = np.bincount(terms.row, least, terms.shape[0])[terms.row] - least
        limit = -rest / terms.value
        np.minimum.at(upper, terms.column[up], np.floor(limit[up] + _EPSILON))
        np.maximum.at(lower, terms.column[~up], np.ceil(limit[~up] - _EPSILON))
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
    equal: Sparse
    at_most: Sparse
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
    rows = stacked([system.equal, system.at_most])
    n_equal = system.equal.shape[0]
    group = _groups(rows, lower < upper)
    found = []
    for one in np.unique(group[group >= 0]):
        held = np.flatnonzero(group == one)
        columns = np.unique(rows.rows(held).column)
        equal, at_most = held[held < n_equal], held[held >= n_equal] - n_equal
        found.append(
            Programme(
                columns,
                lower[columns],
                upper[columns],
                system.equal.rows(equal).renumbered(columns),
                system.at_most.rows(at_most).renumbered(columns),
                at_most,
            )
        )
    return found


def _groups(rows: Sparse, is_open: NDArray[np.bool_]) -> Ints:
    """The group of each row by its open columns; -1 for a row of which every column is fixed."""
    kept = is_open[rows.column]
    row = rows.row[kept]
    group = groups(row, rows.column[kept], rows.shape)
    return np.where(np.bincount(row, minlength=rows.shape[0]) > 0, group, -1)
