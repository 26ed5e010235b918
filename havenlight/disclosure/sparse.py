"""Matrices of which most numbers are 0, as HiGHS reads them.

SciPy has them too, and takes half a second to load: a tenth of what making an edition may take.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sparse:
    """The numbers that are not 0, by row and in it by column, no place twice."""

    shape: tuple[int, int]
    row: Ints
    column: Ints
    value: Floats

    @cached_property
    def starts(self) -> Ints:
        """Where each row begins, and the last one ends."""
        return np.searchsorted(self.row, np.arange(self.shape[0] + 1))

    def __neg__(self) -> "Sparse":
        """The same with all signs turned."""
        return Sparse(self.shape, self.row, self.column, -self.value)

    def rows(self, wanted: Ints) -> "Sparse":
        """These rows alone, in this order; as quick as they are short."""
        begin, length = self.starts[wanted], np.diff(self.starts)[wanted]
        row = np.repeat(np.arange(len(wanted)), length)
        first = np.cumsum(length) - length
        at = np.arange(len(row)) + (begin - first)[row]
        return Sparse((len(wanted), self.shape[1]), row, self.column[at], self.value[at])

    def renumbered(self, columns: Ints) -> "Sparse":
        """Of these columns alone, in order; they must be all that have a number."""
        column = np.searchsorted(columns, self.column)
        return Sparse((self.shape[0], len(columns)), self.row, column, self.value)


def sparse(row: Ints, column: Ints, value: Floats, shape: tuple[int, int]) -> Sparse:
    """Numbers by place in any order; those of the same place are added."""
    place, at = np.unique(row * shape[1] + column, return_inverse=True)
    total = np.bincount(at, value, len(place))
    place, total = place[total != 0], total[total != 0]
    return Sparse(shape, place // shape[1], place % shape[1], total)


def of_dense(rows: Floats) -> Sparse:
    """What is not 0 in a matrix that holds all its numbers."""
    row, column = np.nonzero(rows)
    return Sparse((rows.shape[0], rows.shape[1]), row, column, rows[row, column])


def stacked(matrices: Sequence[Sparse]) -> Sparse:
    """The rows of all, one matrix below the other; they have the same columns."""
    above = np.cumsum([0, *(one.shape[0] for one in matrices)])
    return Sparse(
        (int(above[-1]), matrices[0].shape[1]),
        np.concatenate([one.row + n for one, n in zip(matrices, above, strict=False)]),
        np.concatenate([one.column for one in matrices]),
        np.concatenate([one.value for one in matrices]),
    )


def groups(row: Ints, column: Ints, shape: tuple[int, int]) -> Ints:
    """The group of each row: rows that share a column, directly or by others, are one.

    A group is known by its first row, and a row that has no column is its own.
    """
    group = np.arange(shape[0])
    while True:
        least = np.full(shape[1], shape[0])
        np.minimum.at(least, column, group[row])
        found = group.copy()
        np.minimum.at(found, row, least[column])
        found = found[found]
        if (found == group).all():
            return group
        group = found
