"""Figures as tables for disclosure control, and which cells each figure is read from.

A figure whose persons can be told from a printed table (those under 18 from the age bands) is read
from that table and from nothing else, so that it tells a reader nothing new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Self

import numpy as np

from havenlight.disclosure import Ledger, Reason, Table, Variable
from havenlight.disclosure.rules import LEAST_PERSONS
from havenlight.figures.columns import Mask, Registrations
from havenlight.figures.definitions import (
    Book,
    Condition,
    Conditions,
    Definition,
    Kind,
    Part,
    Population,
    Unit,
)
from havenlight.figures.tabulation import in_base
from havenlight.report.edition import named, quarter_key
from havenlight.report.sums import NO, YES, Pair, neighbours, nobody, paired, sum_of

UNCOUNTED = "uncounted"
"""Of some persons nobody knows how often they came, so that no sum over them would be true."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a part of a figure is read: cells of a table, or the bare count it is."""

    figure: str
    part: str
    year: int
    table: str
    where: tuple[tuple[str, ...], ...]
    """For each variable of the table the codes that are summed; none: all of them."""


@dataclass(slots=True)
class Plan:
    """All tables of an edition, in order of worth, and what is read from them."""

    tables: dict[str, Table] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    """Populations that are two others together."""
    outside: set[tuple[str, int]] = field(default_factory=set)
    """Figures, by year, whose question does not concern all of their population."""
    untold: dict[tuple[str, int], str] = field(default_factory=dict)
    """Figures, by year, of which there is no number to protect, with the reason."""
    asked: dict[str, tuple[str, Variable]] = field(default_factory=dict)
    """Populations of whom more was asked for what they told: the whole, and that they did."""
    never: dict[str, list[Mapping[str, tuple[str, ...]]]] = field(default_factory=dict)
    """Codes that by the definition of a figure nobody has together."""

    def told(self, ledger: Ledger) -> Ledger:
        """The ledger, with how populations and variables hang together by definition."""
        for whole, *parts in self.links:
            ledger = ledger.link(whole, *parts)
        for part, (whole, was_asked) in self.asked.items():
            ledger = ledger.with_variable(was_asked)
            ledger = ledger.filter(part, whole, {was_asked.key: (YES,)})
        variables = {each.key: each for table in self.tables.values() for each in table.variables}
        for where in chain.from_iterable(self.never.values()):
            for key in where:
                ledger = ledger.with_variable(variables[key])
            ledger = ledger.nobody(where)
        return ledger


def planned(
    book: Book,
    registrations: Registrations,
    years: Sequence[int],
    revision: int = 1,
    counting: int = 1,
) -> Plan:
    """The tables that the figures of these years are read from, newest year first.

    Tables are named by the revision of the edition, and populations by how often they were counted:
    the next time it is about other persons (who came late, whose marks were corrected).
    """
    plan = Plan()
    for year in sorted(years, reverse=True):
        _Year(book, registrations, year, Names.of(year, revision, counting), plan).fill()
    return plan


def planned_quarter(
    book: Book,
    registrations: Registrations,
    there: Mask,
    period: tuple[int, int],
    names: "Names",
) -> Plan:
    """The tables of those who are `there`, in one quarter (year, 1 to 4)."""
    plan = Plan()
    made = _Year(book, registrations, quarter_key(*period), names, plan)
    made.there = there
    made.fill()
    return plan


@dataclass(frozen=True, slots=True)
class Names:
    """What a period is called in the names of tables, and of those who are counted in them."""

    tables: str
    persons: str

    @classmethod
    def of(cls, period: object, revision: int, counting: int) -> Self:
        """Of a revision of an edition, and the n-th counting."""
        return cls(named(period, revision), named(period, counting))


class _Year:
    """One year's tables in the making."""

    def __init__(
        self, book: Book, registrations: Registrations, year: int, names: Names, plan: Plan
    ) -> None:
        self.book, self.registrations, self.year, self.plan = book, registrations, year, plan
        self.names = names
        self.there = registrations.years == year
        self.binaries: dict[tuple[str, Conditions, tuple[str, ...], Conditions], str] = {}
        self.partitions = [
            each
            for each in book.figures.values()
            if each.kind is Kind.TABLE
            and each.exclusive
            and paired(each, registrations.codebook) is None
        ]

    def fill(self) -> None:
        """Headlines first, then shares, then tables."""
        figures = list(self.book.figures.values())
        for figure in figures:
            if figure.kind is Kind.COUNT:
                self._headline(figure)
        self._link_visitors()
        for kind in (Kind.TABLE, Kind.SHARE, Kind.REACH):
            for figure in figures:
                if figure.kind is not kind:
                    continue
                if figure.on_contacts and self.registrations.contacts is None:
                    self.plan.untold[figure.id, self.year] = UNCOUNTED
                else:
                    self._parts(figure)

    def _key(self, name: str) -> str:
        return f"{self.names.tables}/{name}"

    def _persons(self, population: str) -> str:
        return f"{population}-{self.names.persons}"

    def _headline(self, figure: Definition) -> None:
        _, base = in_base(figure, self.registrations, self.there)
        persons = int(np.count_nonzero(base))
        count: int | None = persons
        if figure.population.unit is Unit.CONTACTS:
            # A sum over few persons tells how often one of them came.
            enough = persons >= LEAST_PERSONS
            count = self.registrations.contacts_of(base) if enough else None
            if count is None:
                reason = UNCOUNTED if enough else Reason.BASE.value
                self.plan.untold[figure.id, self.year] = reason
        if count is None:
            return
        table = Table(
            self._key(figure.id),
            self._persons(figure.population.key),
            (),
            np.array(count),
        )
        self.plan.tables[table.key] = table
        self.plan.readings.append(Reading(figure.id, figure.id, self.year, table.key, ()))

    def _link_visitors(self) -> None:
        whole, *parts = map(self._persons, ("visitors", "victims", "bystanders"))
        if {whole, *parts} <= {table.population for table in self.plan.tables.values()}:
            self.plan.links.append((whole, parts[0], parts[1]))

    def _parts(self, figure: Definition) -> None:
        of, base = in_base(figure, self.registrations, self.there)
        whole = self.there & self.registrations.all_of(figure.population.where)
        if np.any(whole & self.registrations.all_of(figure.within) & ~of):
            self.plan.outside.add((figure.id, self.year))
        if figure.across is not None:
            self._crossed(figure, base, figure.across)
            return
        if (pair := paired(figure, self.registrations.codebook)) is not None:
            self._pair(figure, base, pair)
            return
        if figure in self.partitions:
            self._partition(figure, of, base)
            return
        for part in figure.parts:
            source = self._source_of(figure, part)
            same = (figure.population.key, figure.within, figure.asked, part.when)
            if source is not None:
                table, codes = source
                self._reads(figure, part, self._key(table.id), codes)
            elif same in self.binaries:
                self._reads(figure, part, self.binaries[same], (YES,))
            else:
                key = figure.id if figure.kind is Kind.SHARE else f"{figure.id}.{part.key}"
                self.binaries[same] = self._key(key)
                self._binary(figure, part, base, key)

    def _source_of(
        self, figure: Definition, part: Part
    ) -> tuple[Definition, tuple[str, ...]] | None:
        """The table of the same base whose parts this one is a sum of."""
        for other in self.partitions:
            if (other.population, other.within, other.asked) == (
                figure.population, figure.within, figure.asked,
            ):  # fmt: skip
                codes = sum_of(part.when, other.parts, self.registrations.codebook)
                if codes is not None:
                    return other, codes
        return None

    def _partition(self, figure: Definition, of: Mask, base: Mask) -> None:
        there = self.registrations
        counts = [int(np.count_nonzero(base & there.all_of(part.when))) for part in figure.parts]
        variable = Variable(
            figure.id,
            tuple(part.key for part in figure.parts),
            sensitive=self._is_sensitive(figure),
            neighbours=neighbours(figure, there.codebook),
        )
        rest = int(np.count_nonzero(base)) - sum(counts)
        if rest:
            # Parts that leave somebody out are a table with one code more, which is not printed.
            variable = Variable(variable.key, (*variable.codes, "rest"), variable.sensitive)
            counts.append(rest)
        table = Table(self._key(figure.id), self._population(figure, base), (variable,),
                      np.array(counts))  # fmt: skip
        self.plan.tables[table.key] = table
        for part in figure.parts:
            self._reads(figure, part, table.key, (part.key,))

    def _binary(self, figure: Definition, part: Part, base: Mask, name: str) -> None:
        variable = Variable(name, (YES, NO), sensitive=self._is_sensitive(figure))
        yes = int(np.count_nonzero(base & self.registrations.all_of(part.when)))
        counts = np.array([yes, int(np.count_nonzero(base)) - yes])
        table = Table(self._key(name), self._population(figure, base), (variable,), counts)
        self.plan.tables[table.key] = table
        self._reads(figure, part, table.key, (YES,))

    def _pair(self, figure: Definition, base: Mask, pair: Pair) -> None:
        """Both, one or none of two codes: a two-way table of the yes and no of each."""
        there = self.registrations
        has = [
            base & there.all_of((Condition(pair.variable, any_of=(code,)),)) for code in pair.codes
        ]
        counts = [
            [int(np.count_nonzero(base & one & other)) for other in (has[1], ~has[1])]
            for one in (has[0], ~has[0])
        ]
        # Under the keys of the one-way tables of yes and no, so that the attacker joins them.
        sensitive = self._is_sensitive(figure)
        variables = tuple(
            Variable(self._code_key(figure, pair.variable, code), (YES, NO), sensitive=sensitive)
            for code in pair.codes
        )
        table = Table(
            self._key(figure.id), self._population(figure, base), variables, np.array(counts)
        )
        self.plan.tables[table.key] = table
        for part, where in pair.parts.items():
            self.plan.readings.append(Reading(figure.id, part, self.year, table.key, where))

    def _code_key(self, figure: Definition, variable: str, code: str) -> str:
        codes = [
            each.id
            for each in self.book.figures.values()
            if each.kind is Kind.TABLE
            and (each.by, each.population, each.within) == (variable, figure.population, ())
        ]
        return f"{codes[0]}.{code}" if codes else f"{figure.id}.{code}"

    def _crossed(self, figure: Definition, base: Mask, across: str) -> None:
        """Yes and no by the codes that it is nested in, so that no difference tells more.

        A figure without parts (reach) is a group of victims: its yes and no are among all of them.
        """
        there = self.registrations
        if figure.parts:
            yes, population = base & there.all_of(figure.parts[0].when), figure.population
        else:
            yes, population = base, self.book.populations["victims"]
            base = self.there & there.all_of(population.where) & there.known(across)
        codes = there.codebook.variables[across].codes
        rows = [there.all_of((Condition(across, any_of=(code.code,)),)) for code in codes]
        counts = [
            [int(np.count_nonzero(each & row)) for row in rows] for each in (yes, base & ~yes)
        ]
        # Under the key of the table of the same codes, so that the attacker sees them as one.
        nested = [each.id for each in self.partitions if each.by == across]
        under = nested[0] if nested else across
        when = figure.parts[0].when if figure.parts else figure.population.where
        self.plan.never[figure.id] = [
            {figure.id: (said,), under: held}
            for said, held in nobody(when, there.codebook.variables[across]).items()
        ]
        variables = (
            Variable(figure.id, (YES, NO), sensitive=self._is_sensitive(figure)),
            Variable(
                under,
                tuple(code.code for code in codes),
                sensitive=across in self.book.sensitive,
                neighbours={code.code: code.merge_into for code in codes if code.merge_into},
            ),
        )
        name = self._name(population, figure, base)
        table = Table(self._key(figure.id), name, variables, np.array(counts))
        self.plan.tables[table.key] = table
        key = figure.parts[0].key if figure.parts else figure.id
        self.plan.readings.append(Reading(figure.id, key, self.year, table.key, ((YES,), ())))

    def _reads(self, figure: Definition, part: Part, table: str, codes: tuple[str, ...]) -> None:
        self.plan.readings.append(Reading(figure.id, part.key, self.year, table, (codes,)))

    def _population(self, figure: Definition, base: Mask) -> str:
        return self._name(figure.population, figure, base)

    def _name(self, population: Population, figure: Definition, base: Mask) -> str:
        """The name of exactly these persons: tables of one name are about the same ones."""
        whole = self._persons(population.key)
        everyone = np.array_equal(self.there & self.registrations.all_of(population.where), base)
        within = "+".join(each.variable for each in figure.within)
        rest = "/".join(part for part in (within, "+".join(figure.asked)) if part)
        name = f"{whole}/{rest}"
        if self.book.asked_by(figure.asked, figure.within):
            # That all of them, or all but a few, were asked more says what they had told.
            self.plan.asked[name] = whole, Variable(f"{rest}?", (YES, NO), sensitive=True)
            return name
        return whole if everyone else name

    def _is_sensitive(self, figure: Definition) -> bool:
        return bool(self.book.told_by(figure))
