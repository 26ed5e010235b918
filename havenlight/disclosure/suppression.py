"""Complementary suppression over linked tables: the fewest cells that protect the small ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from havenlight.disclosure.audit import true_counts
from havenlight.disclosure.bounds import propagate
from havenlight.disclosure.ledger import Ledger
from havenlight.disclosure.rounding import with_margins
from havenlight.disclosure.rules import Rules
from havenlight.disclosure.shares import with_shares
from havenlight.disclosure.solver import Optimum, Rows, Solver, cheapest
from havenlight.disclosure.sparse import Floats, Ints, of_dense
from havenlight.disclosure.system import System
from havenlight.disclosure.tables import Cell, Codes, ProtectedTable, Reason, Shown, Table

_EPSILON = 1e-6
_MOST_ROUNDS = 500


@dataclass(frozen=True)
class Pattern:
    """Which counts of a system are hidden.

    columns: the counts that could be printed; hidden: which of them are not, of which `small` had
    to be. `rounds` is how often the optimum was sought.
    """

    columns: Ints
    hidden: NDArray[np.bool_]
    small: NDArray[np.bool_]
    rounds: int


class Suppression:
    """Tables to be printed beside a ledger, and a reader who subtracts.

    A small count is protected when the difference between the most and the least that the reader
    can make of it is at least `rules.threshold`, or as large as what the ledger has already said
    allows (below a margin of "fewer than 5" that is 4).
    """

    def __init__(self, tables: Sequence[Table], rules: Rules, ledger: Ledger) -> None:
        """Make the system of what could be said, and find the counts that must be hidden."""
        self._rules = rules
        self._system = System(_speaking_of(tables, ledger))
        self._lower, self._upper = propagate(self._system)
        self._true = true_counts(self._system, tables)
        columns = sorted({at for table in tables for at in places(self._system, table).ravel()})
        is_open = self._lower[columns] < self._upper[columns]
        self.columns = np.array(columns, dtype=np.int64)[is_open]
        self.small = np.isin(self.columns, sorted(self._small(tables)))

    @property
    def system(self) -> System:
        """The columns that `Pattern.columns` speaks of."""
        return self._system

    def _small(self, tables: Sequence[Table]) -> Iterable[int]:
        for table in tables:
            sensitive = any(variable.sensitive for variable in table.variables)
            full = with_margins(table.counts)
            is_small = (full < self._rules.threshold) & (full > (-1 if sensitive else 0))
            if table.largest is not None:
                inside = tuple(slice(0, size) for size in table.counts.shape)
                is_small[inside] |= table.largest > self._rules.dominance * table.counts
            yield from places(self._system, table)[is_small].tolist()

    def optimal(self) -> Pattern:
        """Hide as few counts as protect every small one.

        Raises RuntimeError when HiGHS gives up. Source: Fischetti and Salazar (2001), "Solving the
        cell suppression problem on tabular data with linear constraints", Management Science 47:
        the choice is an integer programme, to which each reader who still finds a small count adds
        the cut that his own linear programme gives by its duals.
        """
        cuts: list[tuple[Floats, float]] = []
        for rounds in range(1, _MOST_ROUNDS):
            hidden = self._fewest(cuts)
            found = list(self._cuts(hidden))
            if not found:
                return Pattern(self.columns, hidden, self.small, rounds)
            cuts += found
        raise RuntimeError(f"no pattern after {_MOST_ROUNDS} rounds")

    def greedy(self) -> Pattern:
        """Hide, for as long as a small count is found, the smallest count that widens it.

        The comparison for `optimal`: what is done by hand and by simple programmes.
        """
        hidden = self.small.copy()
        for rounds in range(1, len(self.columns) + 1):
            open_to = next(self._cuts(hidden), None)
            if open_to is None:
                return Pattern(self.columns, hidden, self.small, rounds)
            candidates = np.flatnonzero((open_to[0] > _EPSILON) & ~hidden)
            true = self._true[self.columns[candidates]]
            hidden[candidates[np.argmin(true)]] = True
        raise RuntimeError("everything is hidden, and a small count is still found")

    def _fewest(self, cuts: Sequence[tuple[Floats, float]]) -> NDArray[np.bool_]:
        if not len(self.columns):
            return self.small
        # Of patterns with equally many counts the one that hides fewer persons.
        true = self._true[self.columns]
        cost = 1 + true / (1 + true.sum()) / 2
        matrix = of_dense(np.array([weights for weights, _ in cuts]).reshape(-1, len(cost)))
        needed = np.array([least for _, least in cuts])
        rows = Rows(matrix, needed, np.full(len(cuts), np.inf))
        must = self.small.astype(np.float64)
        return np.asarray(cheapest(cost, must, np.ones(len(cost)), rows) > 0.5)

    def _cuts(self, hidden: NDArray[np.bool_]) -> Iterator[tuple[Floats, float]]:
        """The cut against a pattern for each small count that it leaves too narrow."""
        lower, upper = self._lower.copy(), self._upper.copy()
        shown = self.columns[~hidden]
        lower[shown] = upper[shown] = self._true[shown]
        wanted_of = self._wanted
        self._solver.bound(lower, upper)
        for column, wanted in wanted_of.items():
            ends = [self._extreme(column, sign) for sign in (1, -1)]
            lacking = wanted - (ends[0].value + ends[1].value)
            if lacking > _EPSILON:
                yield self._cut(ends, lacking, hidden)

    @cached_property
    def _wanted(self) -> dict[int, float]:
        """The range that each small count needs: the threshold, or all that the ledger left."""
        self._solver.bound(self._lower, self._upper)
        left = {
            column: sum(self._extreme(column, sign).value for sign in (1, -1))
            for column in self.columns[self.small].tolist()
        }
        return {column: min(float(self._rules.threshold), width) for column, width in left.items()}

    def _cut(
        self, ends: list[Optimum], lacking: float, hidden: NDArray[np.bool_]
    ) -> tuple[Floats, float]:
        """What hiding each count would add by the duals, and how much they must add together."""
        below = (ends[0].lower_weights + ends[1].lower_weights)[self.columns]
        above = (ends[0].upper_weights + ends[1].upper_weights)[self.columns]
        true = self._true[self.columns]
        weight = below * (true - self._lower[self.columns])
        weight += above * (self._upper[self.columns] - true)
        needed = lacking + float(weight[hidden].sum())
        # Rounding must not make a cut that even hiding everything would not satisfy.
        return np.minimum(weight, needed), needed - _EPSILON

    @cached_property
    def _solver(self) -> Solver:
        system = self._system
        return Solver(self._lower, self._upper, system.equal, system.at_most)

    def _extreme(self, column: int, sign: int) -> Optimum:
        """The most (sign 1) or the least (-1) that a reader makes of one column as it is bound."""
        objective = np.zeros(self._system.n)
        objective[column] = sign
        return self._solver.most(objective)

    def protected(self, table: Table, pattern: Pattern) -> ProtectedTable:
        """One of the tables under a pattern."""
        hidden, small = pattern.columns[pattern.hidden], pattern.small[pattern.hidden]
        gone = dict(zip(hidden.tolist(), small.tolist(), strict=True))
        axes = [[*((code,) for code in variable.codes), ()] for variable in table.variables]
        values, columns = with_margins(table.counts), places(self._system, table)
        cells = []
        for place, count in np.ndenumerate(values):
            codes = tuple(axis[at] for axis, at in zip(axes, place, strict=True))
            cells.append(_cell(codes, int(count), gone.get(int(columns[place]))))
        shown = with_shares(tuple(cells), table.variables, self._rules)
        return ProtectedTable(table.key, table.population, table.variables, shown)


def _cell(codes: tuple[Codes, ...], count: int, hidden_as_small: bool | None) -> Cell:  # noqa: FBT001
    if hidden_as_small is None:
        return Cell(codes, Shown.EXACT, count, count, count)
    reason = Reason.SMALL if hidden_as_small else Reason.COMPLEMENT
    return Cell(codes, Shown.SUPPRESSED, None, 0, None, reason=reason)


def places(system: System, table: Table) -> Ints:
    """The columns of a table with its margins, in the shape of `with_margins`."""
    keys = [variable.key for variable in table.variables]
    shape = [len(variable.codes) + 1 for variable in table.variables]
    found = np.empty(shape, dtype=np.int64)
    for place in np.ndindex(*shape):
        where = tuple(
            sorted(
                (variable.key, (variable.codes[at],))
                for variable, at in zip(table.variables, place, strict=True)
                if at < len(variable.codes)
            )
        )
        found[place] = system.column(table.population, where)
    return found if keys else found.reshape(())


def _speaking_of(tables: Sequence[Table], ledger: Ledger) -> Ledger:
    """The ledger, with statements that say nothing but bring the tables into the system."""
    for table in tables:
        for variable in table.variables:
            ledger = ledger.with_variable(variable)
        where = {variable.key: variable.codes[:1] for variable in table.variables}
        ledger = ledger.with_count(table.key, table.population, 0, None, where)
    return ledger
