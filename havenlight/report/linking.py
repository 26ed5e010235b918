"""How the populations of editions, quarterly notes and questions hang together in time.

Their names say it: `victims-2021` is a year, `victims-2021q2` a quarter, `victims-2021-05` a month,
`victims-2019..2021` the years pooled; `victims-2021r2` is a year as it was counted the second time,
by a correction or since its registrations had changed, and `victims-2020as2021` as the report on a
later year revised it.
What stands behind a slash belongs to the name: whose answer is known (`victims-2021/gender`), or a
filter (`victims-2021/gender=female&age=16_17+18_22`).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from havenlight.disclosure import Ledger, Protected, Rules, Table, protect
from havenlight.disclosure.errors import LedgerContradicts
from havenlight.disclosure.ledger import Link, Statement

MONTH = "month"
"""The variable of a table by month; its codes are 01 to 12."""

_NAME = re.compile(
    r"(?P<of>[^/]+)-(?P<year>\d{4})"
    r"(?:\.\.(?P<last>\d{4})|q(?P<quarter>[1-4])|-(?P<month>\d\d)(?:\+(?P<months>\d+))?)?"
    r"(?P<revision>(?:r\d+)?)(?P<since>(?:as\d{4}(?:r\d+)?)?)(?P<rest>/.*)?"
)
_YEAR, _QUARTER = 12, 3

T = TypeVar("T")


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """The months from `first` up to and without `end`, counted from the year 0."""

    first: int
    end: int

    @property
    def name(self) -> str:
        """As it stands in the name of a population."""
        year, month = divmod(self.first, _YEAR)
        length = self.end - self.first
        if month == 0 and length % _YEAR == 0:
            return f"{year}" if length == _YEAR else f"{year}..{year + length // _YEAR - 1}"
        if length == 1:
            return f"{year}-{month + 1:02}"
        if length == _QUARTER and month % _QUARTER == 0:
            return f"{year}q{month // _QUARTER + 1}"
        return f"{year}-{month + 1:02}+{length}"


@dataclass(frozen=True, slots=True)
class Kind:
    """Who they are, whenever that was: what a name says beside its period."""

    of: str
    revision: str
    rest: str

    def during(self, period: Period) -> str:
        """The name of those of a period."""
        return f"{self.of}-{period.name}{self.revision}{self.rest}"


def fitting(ledger: Ledger, years: Iterable[int], least: int, made: Callable[[int], T]) -> T:
    """What `made` makes of these years counted for the n-th time.

    That is as they were told last, or as often as `least` says. When that contradicts what was
    told, their registrations changed since (a late mark, a mended answer), and they are counted
    once more: under another name, which a reader compares with the one before.
    """
    latest = max((least, *_countings(ledger, frozenset(years))))
    try:
        return made(latest)
    except LedgerContradicts:
        return made(latest + 1)


def _countings(ledger: Ledger, years: frozenset[int]) -> Iterator[int]:
    """Which countings of these years were told of."""
    for name in ledger.populations():
        if (found := _NAME.fullmatch(name)) and not found["since"] and int(found["year"]) in years:
            yield _counting(found["revision"])


def _counting(revision: str) -> int:
    return int(revision.removeprefix("r") or 1)


def protected(tables: Sequence[Table], rules: Rules, ledger: Ledger) -> Protected:
    """Protect tables beside all that was published, as `havenlight.disclosure.protect` does.

    Everything that is published about persons goes through here: editions, notes, questions.
    """
    for variable in {one.key: one for table in tables for one in table.variables}.values():
        ledger = ledger.with_variable(variable)
    populations = {table.population for table in tables}
    months = {table.population for table in tables if _is_by_month(table)}
    ledger = linked(ledger, populations, months, _answered_by_all(ledger, tables))
    try:
        made = protect(tables, rules, _with_latecomers(ledger, tables))
    except LedgerContradicts:  # so some were added and others taken back, and he knows it
        return protect(tables, rules, ledger)
    return replace(made, ledger=_without_latecomers(made.ledger))


def _is_by_month(table: Table) -> bool:
    return [one.key for one in table.variables] == [MONTH]


def linked(
    ledger: Ledger,
    populations: Iterable[str] = (),
    by_month: Iterable[str] = (),
    same: Mapping[str, str] | None = None,
) -> Ledger:
    """The ledger with all that the names of its populations, and of these, say of each other.

    Periods that lie in each other are cut at all their ends: a year of which one quarter was
    published is that quarter and the months around it. Of a year that is tabulated by month (as
    `by_month` will be) the pieces are those months. `same` has other names of populations, each
    with the one under which they are told. All of this is true whatever was counted, and telling it
    again changes nothing.
    """
    same = same or {}
    there = {*populations, *ledger.populations(), *same}
    tabulated = {*by_month, *(one.population for one in ledger.statements if _of_month(one))}
    periods: dict[Kind, set[Period]] = defaultdict(set)
    for name in there:
        if (found := read(name)) is not None:
            periods[found[0]].add(found[1])
    for kind, spans in sorted(periods.items(), key=lambda each: str(each[0])):
        for whole, parts in _cut(spans, _counted_otherwise(kind, periods)):
            names = [kind.during(each) for each in (whole, *parts)]
            ledger = ledger.link(*(same.get(name, name) for name in names))
            if kind.during(whole) in tabulated:
                for part in parts:
                    codes = tuple(f"{at % _YEAR + 1:02}" for at in range(part.first, part.end))
                    ledger = ledger.filter(kind.during(part), kind.during(whole), {MONTH: codes})
    return _filtered(ledger, there)


def _answered_by_all(ledger: Ledger, tables: Sequence[Table]) -> dict[str, str]:
    """Populations by the name of whose answer is known, where that is everybody.

    When nobody's gender was unknown in a quarter its table is of `victims-2021q2`, and that of the
    year of `victims-2021/gender`: a reader sees both bases, and subtracts one table from the other.
    """
    keys: dict[tuple[str, str], set[str]] = defaultdict(set)
    for said in ledger.statements:
        keys[said.source, said.population].update(key for key, _ in said.where)
    for table in tables:
        keys[table.key, table.population].update(each.key for each in table.variables)
    by_table: dict[tuple[str, frozenset[str]], dict[str, str]] = defaultdict(dict)
    for (_, population), variables in keys.items():
        if variables and (found := read(population)) is not None:
            by_table[found[0].of, frozenset(variables)][population] = found[0].rest
    cut = set(_cut_off(ledger))
    return {
        f"{whole}{rest}": whole
        for of in by_table.values()
        for rest in sorted({*of.values()} - cut - {""})
        for whole in sorted(of)
        if not of[whole] and "=" not in rest
    }


def _cut_off(ledger: Ledger) -> Iterator[str]:
    """What stands behind the slash of those whom a filter leaves."""
    for link in ledger.links:
        for part in link.parts:
            if part.endswith("/rest") and (found := read(part.removesuffix("/rest"))) is not None:
                yield found[0].rest


def _of_month(statement: Statement) -> bool:
    return [key for key, _ in statement.where] == [MONTH]


def _filtered(ledger: Ledger, populations: Iterable[str]) -> Ledger:
    """Of `victims-2021/gender=female`: that they are those of the victims of 2021."""
    for name in sorted(populations):
        whole, slash, rest = name.partition("/")
        told = [each.partition("=") for each in rest.split("&")]
        if slash and all(equals and key in ledger.variables for key, equals, _ in told):
            where = {key: tuple(codes.split("+")) for key, _, codes in told}
            ledger = ledger.filter(name, whole, where)
    return ledger


def _with_latecomers(ledger: Ledger, tables: Sequence[Table]) -> Ledger:
    """The ledger as a reader takes it who believes that between two countings persons were added,
    or taken back, and not both.

    By how many there are he sees which. That may be false: attack with it, and never keep it.
    """
    told = _Told(ledger, tables)
    there = {*(table.population for table in tables), *ledger.populations()}
    there |= {name for link in ledger.links for name in (link.whole, *link.parts)}
    for name in sorted(there):
        if (before := _counted_before(name, there)) is not None:
            more, less = (before, name) if told.fewer(name, before) else (name, before)
            ledger = ledger.link(more, less, f"{more}~{less}~late")
    for less, more in told.beside_revised():
        ledger = ledger.link(more, less, f"{more}~{less}~late")
    return ledger


class _Told:
    """How many persons there are in what was told and in what would be, about."""

    def __init__(self, ledger: Ledger, tables: Sequence[Table]) -> None:
        self.counts: dict[str, float] = {}
        self.months: dict[tuple[str, int], float] = {}
        for said in ledger.statements:
            about = said.lower if said.upper is None else (said.lower + said.upper) / 2
            if not said.where:
                self.counts[said.population] = about
            elif _of_month(said) and len(codes := said.where[0][1]) == 1:
                self.months[said.population, int(codes[0])] = about
        for table in tables:
            self.counts[table.population] = table.persons
            if _is_by_month(table):
                codes = table.variables[0].codes
                for code, count in zip(codes, table.counts.tolist(), strict=True):
                    self.months[table.population, int(code)] = count

    def fewer(self, name: str, before: str) -> bool:
        """Whether there are fewer now than before; False where nobody can tell."""
        now, then = self._persons(name), self._persons(before)
        return now is not None and then is not None and now < then

    def _persons(self, name: str) -> float | None:
        """Of a piece of a year that nobody tabulated, by its months."""
        if name in self.counts or (found := read(name)) is None:
            return self.counts.get(name)
        kind, period = found
        january = period.first - period.first % _YEAR
        year = kind.during(Period(january, january + _YEAR))
        months = [(year, at % _YEAR + 1) for at in range(period.first, period.end)]
        if any(month not in self.months for month in months):
            return None
        return sum(self.months[month] for month in months)

    def beside_revised(self) -> Iterator[tuple[str, str]]:
        """Pairs of counts of the same persons, one told after the other, that he compares.

        Of two of which one is a total that a later report revised: the smaller one first.
        """
        told: dict[tuple[str, str, Period], list[str]] = defaultdict(list)
        for name in self.counts:
            if (found := read(name)) is not None:
                kind, period = found
                told[kind.of, kind.rest, period].append(name)
        for names in told.values():
            for pair in pairwise(names):
                if any(_is_revised(name) for name in pair):
                    less, more = sorted(pair, key=self.counts.__getitem__)
                    yield less, more


def _is_revised(name: str) -> bool:
    found = _NAME.fullmatch(name)
    return found is not None and bool(found["since"])


def _without_latecomers(ledger: Ledger) -> Ledger:
    """The ledger without what `_with_latecomers` took for granted."""
    kept = tuple(link for link in ledger.links if not _is_assumed(link))
    return replace(ledger, links=kept)


def read(name: str) -> tuple[Kind, Period] | None:
    """Who a population is and its period; None for a name that says no period."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    first = int(found["year"]) * _YEAR
    end = first + _YEAR
    if found["last"]:
        end = (int(found["last"]) + 1) * _YEAR
    elif found["quarter"]:
        first += _QUARTER * (int(found["quarter"]) - 1)
        end = first + _QUARTER
    elif found["month"]:
        first += int(found["month"]) - 1
        end = first + int(found["months"] or 1)
    revision = found["revision"] + found["since"]
    return Kind(found["of"], revision, found["rest"] or ""), Period(first, end)


def _counted_otherwise(kind: Kind, periods: Mapping[Kind, set[Period]]) -> set[Period]:
    """The periods in which the same persons were counted another time: a reader compares those."""
    return {
        each
        for other, spans in periods.items()
        if (other.of, other.rest) == (kind.of, kind.rest)
        if "as" not in f"{kind.revision}{other.revision}"
        for each in spans
    }


def _cut(periods: set[Period], others: set[Period]) -> Iterator[tuple[Period, list[Period]]]:
    """Each period that another one cuts, with the pieces it falls into."""
    ends = sorted({end for period in periods | others for end in (period.first, period.end)})
    pieces = [Period(*piece) for piece in pairwise(ends)]
    for whole in sorted(periods):
        inside = [each for each in pieces if whole.first <= each.first and each.end <= whole.end]
        if len(inside) > 1:
            yield whole, inside


def _counted_before(name: str, there: set[str]) -> str | None:
    """The same persons as they were counted the last time before."""
    found = read(name)
    if found is None or not found[0].revision or _is_revised(name):
        return None
    kind, period = found
    for counting in range(_counting(kind.revision) - 1, 0, -1):
        before = replace(kind, revision=f"r{counting}" if counting > 1 else "").during(period)
        if before in there:
            return before
    return None


def _is_assumed(link: Link) -> bool:
    return any(part.endswith("~late") for part in link.parts)
