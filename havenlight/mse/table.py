"""A table of capture histories: which lists saw the same persons, and how many persons."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from havenlight.mse.errors import TableRefused

MAX_LISTS = 12  # the dense vector has 2**k - 1 cells, and a model matrix its square

Histories = NDArray[np.bool_]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CaptureTable:
    """How many persons were seen by exactly which lists.

    `histories` has shape (n_histories, n_lists): True where that list saw these persons. Rows are
    distinct, none is all False, and they stand in binary order. `counts` has shape (n_histories,),
    in persons. A history left out, like one with count zero, means that nobody had it.
    Raises TableRefused when one of these does not hold; rows are counted from 1 here.
    """

    lists: tuple[str, ...]
    histories: Histories
    counts: Counts

    def __post_init__(self) -> None:
        """Check every promise of the class, then fix the order and make the arrays read-only."""
        check_lists(self.lists)
        histories = np.asarray(self.histories)
        counts = np.asarray(self.counts, dtype=np.float64)
        if histories.ndim != 2 or histories.shape != (counts.size, len(self.lists)):
            raise TableRefused(
                f"histories have shape {histories.shape}, not ({counts.size}, {len(self.lists)})"
            )
        if not np.isin(histories, (0, 1)).all():
            raise TableRefused("a history holds something else than 0 and 1")
        for row, (history, count) in enumerate(zip(histories, counts.tolist(), strict=True), 1):
            check_row(history, count, row)
        cells = histories.astype(np.int64) @ (1 << np.arange(len(self.lists)))
        check_distinct(cells)
        order = np.argsort(cells)
        self._keep("histories", histories[order].astype(np.bool_))
        self._keep("counts", counts[order].astype(np.int64))

    def _keep(self, name: str, values: Histories | Counts) -> None:
        values.setflags(write=False)
        object.__setattr__(self, name, values)

    @classmethod
    def from_dense(cls, lists: tuple[str, ...], dense: ArrayLike) -> Self:
        """Make a table from the counts of all 2**k - 1 cells in binary order (see `dense`)."""
        counts = np.asarray(dense)
        if counts.shape != ((1 << len(lists)) - 1,):
            raise TableRefused(f"{len(lists)} lists need {(1 << len(lists)) - 1} cells")
        seen = counts != 0
        return cls(lists, cells_of(len(lists))[seen], counts[seen])

    @property
    def n_lists(self) -> int:
        """How many lists there are."""
        return len(self.lists)

    @property
    def n_observed(self) -> int:
        """How many persons at least one list saw."""
        return int(self.counts.sum())

    def dense(self) -> Counts:
        """Return the persons in each of the 2**k - 1 cells, shape (2**k - 1,), in binary order.

        Cell number c, from 1 to 2**k - 1, stands at place c - 1; list j (from 0) saw its persons
        when bit j of c is set. Three lists A, B, C give A, B, AB, C, AC, BC, ABC.
        """
        cells = self.histories.astype(np.int64) @ (1 << np.arange(self.n_lists))
        dense = np.zeros((1 << self.n_lists) - 1, dtype=np.int64)
        dense[cells - 1] = self.counts
        return dense

    def list_totals(self) -> Counts:
        """Return the persons on each list, shape (n_lists,); who is on two lists counts in both."""
        return np.asarray(self.counts @ self.histories, dtype=np.int64)

    def overlaps(self) -> Counts:
        """Return the persons on each pair of lists, totals on the diagonal: (n_lists, n_lists)."""
        seen = self.histories.astype(np.int64)
        return np.asarray((seen * self.counts[:, None]).T @ seen, dtype=np.int64)

    def restricted_to(self, lists: tuple[str, ...]) -> "CaptureTable":
        """Return the table of these lists alone; persons seen by none of them leave it."""
        unknown = [name for name in lists if name not in self.lists]
        if unknown:
            raise TableRefused(f"there is no list {unknown[0]!r}")
        kept = self.histories[:, [self.lists.index(name) for name in lists]]
        cells = kept.astype(np.int64) @ (1 << np.arange(len(lists)))
        dense = np.bincount(cells, self.counts, minlength=1 << len(lists))[1:]
        return CaptureTable.from_dense(lists, np.rint(dense).astype(np.int64))

    def without(self, name: str) -> "CaptureTable":
        """Return the table with one list left out."""
        return self.restricted_to(tuple(other for other in self.lists if other != name))

    def check_overlaps(self) -> None:
        """Raise TableRefused naming the first list that shares nobody with any other list."""
        overlaps = self.overlaps()
        shared = overlaps.sum(axis=1) - overlaps.diagonal()
        for name, total, others in zip(self.lists, overlaps.diagonal(), shared, strict=True):
            if total == 0:
                raise TableRefused(f"list {name!r} saw nobody")
            if others == 0:
                raise TableRefused(f"list {name!r} has no person in common with any other list")


def cells_of(n_lists: int) -> Histories:
    """Return all 2**k - 1 histories in binary order, shape (2**k - 1, n_lists)."""
    cells = np.arange(1, 1 << n_lists)
    return (cells[:, None] >> np.arange(n_lists) & 1).astype(np.bool_)


def check_lists(lists: tuple[str, ...]) -> None:
    """Raise TableRefused unless there are 2 to 12 lists with different, non-empty names."""
    if not 2 <= len(lists) <= MAX_LISTS:
        raise TableRefused(f"number of lists: {len(lists)}; an estimate needs 2 to {MAX_LISTS}")
    if not all(lists):
        raise TableRefused("a list has no name")
    twice = [name for i, name in enumerate(lists) if name in lists[:i]]
    if twice:
        raise TableRefused(f"two lists are called {twice[0]!r}")


def check_row(history: NDArray[np.generic], count: float, row: int) -> None:
    """Raise TableRefused unless some list saw these persons and their number is a count."""
    if not history.any():
        raise TableRefused("no list saw these persons, so nobody can have counted them", row)
    if not np.isfinite(count) or count < 0:
        raise TableRefused(f"count {count:g} is negative or not a number", row)
    if count != np.floor(count):
        raise TableRefused(f"count {count:g} is not a whole number of persons", row)


def check_distinct(cells: Counts, rows: list[int] | None = None) -> None:
    """Raise TableRefused at the first cell number that stands in the table twice."""
    numbers = rows or list(range(1, len(cells) + 1))
    first: dict[int, int] = {}
    for cell, row in zip(cells.tolist(), numbers, strict=True):
        if cell in first:
            raise TableRefused(f"the same history as in row {first[cell]}", row)
        first[cell] = row
