"""The attacker: from all that was published, which small counts can a reader find?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import product
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from havenlight.disclosure.bounds import Programme, programmes, propagate
from havenlight.disclosure.ledger import Ledger, Where
from havenlight.disclosure.rules import LEAST_THRESHOLD
from havenlight.disclosure.sparse import Floats
from havenlight.disclosure.system import System
from havenlight.disclosure.tables import Table

Bools = NDArray[np.bool_]

_EPSILON = 1e-6


class Risk(StrEnum):
    """What a reader finds out."""

    COUNT = "count"  # a small count, or nearly: fewer than `threshold` values are possible
    GROUP = "group"  # on a sensitive variable, that nobody of a group has a code (or all have)


@dataclass(frozen=True)
class Finding:
    """A count that a reader can find.

    lower, upper: what he knows of it. `because`: the sources that together tell him, in order.
    """

    risk: Risk
    population: str
    where: Where
    lower: int
    upper: int
    because: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """What the attacker found; `judged` counts were under attack, by `programmes` solved."""

    broken: tuple[Finding, ...]
    judged: int
    solved: int

    @property
    def safe(self) -> bool:
        """Whether nothing was found, so that it may be published."""
        return not self.broken


@dataclass
class _Target:
    """A count under attack: its column, and the least and the most that it was seen to be."""

    column: int
    population: str
    where: Where
    least: float = np.inf
    most: float = -np.inf


def audit(
    ledger: Ledger,
    *,
    truth: Iterable[Table] = (),
    threshold: int = LEAST_THRESHOLD,
) -> Findings:
    """Attack a ledger; it must be safe before any of it is published.

    A small count (1 to threshold - 1) is found when a reader who has all that the ledger holds is
    left with fewer than `threshold` values for it, and a group when he is sure that nobody of it
    has a code of a sensitive variable. He may use every margin, link, interval and share, and that
    persons are whole.

    truth: tables before protection. A count that is in them is judged only if it is small there;
    any other (of populations that nobody tabulated, such as who came late) is judged whenever it
    could be small. Without `truth` that is every count, which is the stricter question.
    Raises LedgerContradicts when what was published cannot all be true.
    """
    system = System(ledger)
    lower, upper = propagate(system)
    judging = _Judging(system, lower, upper, true_counts(system, truth), threshold)
    targets = list(judging.targets())
    attack = _Attack(system, lower, upper, threshold)
    broken = attack.run(targets)
    return Findings(tuple(broken), len(targets), attack.solved)


def true_counts(system: System, truth: Iterable[Table]) -> Floats:
    """The true count of each column, shape (system.n,); NaN where no table tells."""
    counts = np.full(system.n, np.nan)
    spaces = set(system.spaces())
    for table in truth:
        order = np.argsort([variable.key for variable in table.variables])
        keys = tuple(table.variables[at].key for at in order)
        turned = np.transpose(table.counts, order) if keys else table.counts
        for summed in range(1 << len(keys)):
            axes = tuple(axis for axis in range(len(keys)) if summed >> axis & 1)
            kept = tuple(key for axis, key in enumerate(keys) if axis not in axes)
            if (table.population, kept) in spaces:
                counts[system.cells(table.population, kept)] = turned.sum(axis=axes)
    for _, _, at, terms in system.sums():
        counts[at] = counts[terms].sum()
    return counts


@dataclass(frozen=True)
class _Judging:
    """Which counts a reader must not find."""

    system: System
    lower: Floats
    upper: Floats
    true: Floats
    threshold: int

    def targets(self) -> Iterator[_Target]:
        """Every count that is small, or of which nobody told that it is not."""
        for population, where, at in self._columns():
            if at not in self.system.never and self._is_small(at, population, where):
                yield self._target(at, population, where)

    def _target(self, at: int, population: str, where: Where) -> _Target:
        true = float(self.true[at])
        if np.isnan(true):
            return _Target(at, population, where)
        return _Target(at, population, where, true, true)  # the truth is possible

    def _columns(self) -> Iterator[tuple[str, Where, int]]:
        known = self.system.ledger.variables
        for population, keys in self.system.spaces():
            if (population, keys) in self.system.lifted:
                continue
            codes = [known[key].codes for key in keys]
            cells = self.system.cells(population, keys).ravel().tolist()
            for at, held in zip(cells, product(*codes), strict=True):
                yield population, tuple((k, (c,)) for k, c in zip(keys, held, strict=True)), at
        for population, where, at, _ in self.system.sums():
            yield population, where, at

    def _is_small(self, at: int, population: str, where: Where) -> bool:
        if not np.isnan(self.true[at]):
            could_be_none, is_low = self.true[at] == 0, self.true[at] < self.threshold
        else:
            could_be_none, is_low = self.upper[at] == 0, self.lower[at] < self.threshold
        return bool(is_low and (not could_be_none or self._is_of_a_group(population, where)))

    def _is_of_a_group(self, population: str, where: Where) -> bool:
        """Whether a zero here says something of persons: a sensitive code that nobody has."""
        known = self.system.ledger.variables
        group = tuple((key, held) for key, held in where if not known[key].sensitive)
        return len(group) < len(where) and bool(
            self.upper[self.system.terms(population, group)].sum() > 0
        )


class _Attack:
    """Tries to find each target, and counts the programmes that took."""

    def __init__(self, system: System, lower: Floats, upper: Floats, threshold: int) -> None:
        self._system, self._lower, self._upper = system, lower, upper
        self._values = threshold
        self._random = np.random.default_rng(1)
        self.solved = 0

    def run(self, targets: Sequence[_Target]) -> Iterator[Finding]:
        """Return what is found, in order of the columns."""
        by_column = {target.column: target for target in targets}
        tied: set[int] = set()
        for programme in programmes(self._system, self._lower, self._upper):
            tied.update(programme.columns.tolist())
            held = [by_column[at] for at in programme.columns.tolist() if at in by_column]
            for one in self._unproven(programme, held):
                self._bound(programme, one)
        for one in targets:
            if one.column not in tied:
                one.least, one.most = self._lower[one.column], self._upper[one.column]
        return (finding for one in targets for finding in self._judge(one))

    def _unproven(self, programme: Programme, targets: list[_Target]) -> list[_Target]:
        """Those that no two tables, both possible, show to be open.

        Each solution is a table that a reader cannot rule out, and tells something of all its
        counts at once: so a few random directions settle nearly all of thousands of targets.
        """
        while targets:
            self._try(programme, targets)
            left = [one for one in targets if not self._is_open(one)]
            if len(left) == len(targets):
                break
            targets = left
        return targets

    def _try(self, programme: Programme, targets: list[_Target]) -> None:
        """Move all targets in a random direction, and back."""
        places = np.searchsorted(programme.columns, [target.column for target in targets])
        objective = np.zeros(len(programme.columns))
        objective[places] = self._random.choice([-1.0, 1.0], len(targets))
        for sign in (1, -1):
            counts = programme.solve(sign * objective).counts
            self.solved += 1
            for place, target in zip(places, targets, strict=True):
                target.least = min(target.least, float(counts[place]))
                target.most = max(target.most, float(counts[place]))

    def _bound(self, programme: Programme, target: _Target) -> None:
        """Find exactly how little and how much it can be."""
        target.least = -programme.extreme(target.column, -1).value
        target.most = programme.extreme(target.column, 1).value
        self.solved += 2

    def _is_open(self, target: _Target) -> bool:
        low, high = _whole(target)
        return high - low + 1 >= self._values

    def _judge(self, target: _Target) -> Iterator[Finding]:
        low, high = _whole(target)
        if self._is_open(target):
            return
        risk = Risk.GROUP if high == 0 else Risk.COUNT
        yield Finding(risk, target.population, target.where, low, high, self._because(target))

    def _because(self, target: _Target) -> tuple[str, ...]:
        """The sources that hold the count where it is: the duals of both programmes."""
        for programme in self._as_said:
            if target.column in programme.columns:
                ends = [programme.extreme(target.column, sign) for sign in (1, -1)]
                bounds = ends[0].bound_weights + ends[1].bound_weights
                rows = ends[0].share_weights + ends[1].share_weights
                return self._sources(programme, bounds > _EPSILON, rows > _EPSILON)
        return tuple(sorted(set(self._system.sources[target.column])))

    def _sources(self, programme: Programme, bounds: Bools, rows: Bools) -> tuple[str, ...]:
        held = programme.columns[bounds].tolist()
        by_bounds = {name for at in held for name in self._system.sources.get(at, ())}
        shares = programme.at_most_rows[rows].tolist()
        return tuple(sorted(by_bounds | {self._system.at_most_sources[at] for at in shares}))

    @cached_property
    def _as_said(self) -> list[Programme]:
        """The system before propagation, so that each bound still has its source."""
        return programmes(self._system, self._system.lower, self._system.upper)


def _whole(target: _Target) -> tuple[int, int]:
    return ceil(target.least - _EPSILON), floor(target.most + _EPSILON)
