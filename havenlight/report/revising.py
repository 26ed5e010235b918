"""Earlier years counted again: what an edition says of marks that were made after they froze.

A year that was published stays as it was published. Its totals are counted again for each later
report that prints them, and revised there when enough persons were added or taken back; fewer wait.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np

from havenlight.disclosure import Ledger, ProtectedTable, Shown, Table
from havenlight.figures.columns import Mask, Registrations
from havenlight.figures.definitions import Book
from havenlight.report.codes import BYSTANDERS, PARTS, VICTIMS, VISITORS
from havenlight.report.edition import Edition, Revised, Revisions, Value
from havenlight.report.linking import read

Part = tuple[int, str]
"""A year, and victims or bystanders."""

Persons = Mapping[Part, frozenset[UUID]]
"""The cases of each."""


@dataclass(frozen=True, slots=True)
class Change:
    """How many of a part of a year were added and taken back since it was `before` persons."""

    before: int
    added: int
    back: int

    @property
    def net(self) -> int:
        """By how many the count went up; below 0: down."""
        return self.added - self.back

    def may_be_told(self, threshold: int) -> bool:
        """Whether those added, those taken back and the difference are each none or enough.

        Readers see the difference alone; who knows of the one learns the other. Nothing is told
        where nothing changed.
        """
        return self.net != 0 and all(
            each == 0 or each >= threshold for each in (self.added, self.back, abs(self.net))
        )


def masks(book: Book, registrations: Registrations, year: int) -> dict[str, Mask]:
    """Who is of each part of a year."""
    there = registrations.years == year
    visitors, victims = (
        there & registrations.all_of(book.populations[each].where) for each in (VISITORS, VICTIMS)
    )
    return {VICTIMS: victims, BYSTANDERS: visitors & ~victims}


def persons(book: Book, registrations: Registrations) -> Persons:
    """The cases of each part of each year; nothing of registrations that have none."""
    if not registrations.cases:
        return {}
    cases = np.array(registrations.cases, dtype=object)
    return {
        (year, part): frozenset(cases[mask])
        for year in registrations.versions
        for part, mask in masks(book, registrations, year).items()
    }


def by_count(
    book: Book, registrations: Registrations, before: Mapping[int, Edition]
) -> dict[Part, Change]:
    """The changes of years of which nobody kept who was counted: the difference of the counts."""
    made = {}
    for year in before.keys() & registrations.versions.keys():
        if (told := latest(before[year], year)) is None:
            continue
        for part, mask in masks(book, registrations, year).items():
            net = int(np.count_nonzero(mask)) - told[part]
            made[year, part] = Change(told[part], max(net, 0), max(-net, 0))
    return made


def latest(edition: Edition, year: int) -> dict[str, int] | None:
    """How many each part was when it was last told; None unless all were told exactly."""
    return _parts(*(edition.latest(name, year) for name in (VISITORS, VICTIMS)))


def published(edition: Edition, year: int) -> dict[str, int] | None:
    """How many each part was when the report on the year was published; None as above."""
    return _parts(*(edition.figures[name].values.get(year) for name in (VISITORS, VICTIMS)))


def _parts(visitors: Value | None, victims: Value | None) -> dict[str, int] | None:
    if visitors is None or victims is None:
        return None
    if visitors.exactly is None or victims.exactly is None:
        return None
    return {VICTIMS: victims.exactly, BYSTANDERS: visitors.exactly - victims.exactly}


@dataclass(slots=True)
class Recount:
    """Earlier years, each in the edition that printed it last, counted again for another one."""

    name: str
    """The edition that they are counted for, as `Edition.name`."""
    known_on: str
    before: Mapping[int, Edition]
    changes: Mapping[Part, Change]
    threshold: int
    ledger: Ledger
    tables: list[Table] = field(init=False)
    """What would be told: a bare count of each part that changed enough."""
    years: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        """See which years can be counted again, and what of them changed enough."""
        self.years = tuple(year for year in sorted(self.before) if self._can_be_counted(year))
        self.tables = [
            Table(
                f"{year}as{self.name}/{part}",
                f"{part}-{year}as{self.name}",
                (),
                np.array(change.before + change.net),
            )
            for year in self.years
            for part in PARTS
            if (change := self.changes[year, part]).may_be_told(self.threshold)
        ]

    def _can_be_counted(self, year: int) -> bool:
        """Whether the ledger knows the year, and the changes are since what readers know last."""
        told = latest(self.before[year], year)
        since = {part: self.changes[year, part].before for part in PARTS
                 if (year, part) in self.changes}  # fmt: skip
        return told is not None and since == told and year in _years(self.ledger)

    def revisions(self, shown: Sequence[ProtectedTable]) -> Revisions | None:
        """What is told, once control let it through as it was counted; None: nothing was counted.

        What an earlier edition revised stays revised.
        """
        kept = [each for year in sorted(self.before) for each in _kept(self.before[year], year)]
        if not self.years and not kept:
            return None
        exact = {table.key for table in shown for cell in table.cells
                 if cell.shown is Shown.EXACT}  # fmt: skip
        made = {(each.figure, each.year): each for each in kept}
        for each in self._revised(exact):
            made[each.figure, each.year] = each
        return Revisions(self.years, tuple(made[key] for key in sorted(made, key=_in_print)))

    def _revised(self, exact: set[str]) -> Iterator[Revised]:
        for year in self.years:
            net = {part: self.changes[year, part].net for part in PARTS
                   if f"{year}as{self.name}/{part}" in exact}  # fmt: skip
            if victims := net.get(VICTIMS, 0):
                yield self._total(VICTIMS, year, victims)
            if visitors := sum(net.values()):
                yield self._total(VISITORS, year, visitors)

    def _total(self, figure: str, year: int, net: int) -> Revised:
        edition = self.before[year]
        published = edition.figures[figure].values[year].exactly
        before = edition.latest(figure, year)
        if published is None or before is None or before.exactly is None:
            raise RuntimeError("a total that is not printed is not revised")
        after = before.exactly + net
        return Revised(figure, year, published, before.exactly, after, self.name, self.known_on)


def _in_print(key: tuple[str, int]) -> tuple[int, bool]:
    figure, year = key
    return year, figure == VICTIMS


def _kept(edition: Edition, year: int) -> Iterator[Revised]:
    for name in (VISITORS, VICTIMS):
        if (found := edition.revised(name, year)) is not None:
            yield found


def _years(ledger: Ledger) -> set[int]:
    """The years of which the ledger holds how many victims there were."""
    found = {name: read(name) for name in ledger.populations()}
    return {
        int(each[1].name)
        for each in found.values()
        if each is not None and each[0].of == VICTIMS and each[1].name.isdecimal()
    }


def taken_up(edition: Edition) -> dict[Part, int]:
    """How many persons of a part this edition tells of: of the years that it counted itself, and
    of those it revised. From these on, the next changes are reckoned."""
    told: dict[Part, int] = {}
    for year in edition.codebooks:
        if (now := latest(edition, year)) is not None:
            told |= {(year, part): now[part] for part in PARTS}
    for year in edition.years:
        mine = {name: found.count - found.before for name in (VISITORS, VICTIMS)
                if (found := edition.revised(name, year)) and found.by == edition.name}  # fmt: skip
        now = latest(edition, year)
        if mine and now is not None:
            victims = mine.get(VICTIMS, 0)
            net = {VICTIMS: victims, BYSTANDERS: mine.get(VISITORS, 0) - victims}
            told |= {(year, part): now[part] for part in PARTS if net[part]}
    return told
