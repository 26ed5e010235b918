"""From counts to an edition, through disclosure control and no other way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from havenlight.casework.codebook import Absence, Text
from havenlight.disclosure import (
    Cell,
    Finding,
    Ledger,
    Protected,
    ProtectedTable,
    Rules,
    Shown,
)
from havenlight.figures import defining
from havenlight.figures.columns import Registrations
from havenlight.figures.definitions import Book, Definition, External, Kind, said
from havenlight.figures.errors import NothingToCount
from havenlight.figures.intervals import wilson
from havenlight.report import linking
from havenlight.report.derived import derived, with_reach
from havenlight.report.edition import (
    SERIES,
    WITHHELD,
    Analysis,
    Edition,
    Estimate,
    Note,
    Printed,
    Row,
    Texts,
    Value,
    Withheld,
    named,
)
from havenlight.report.errors import EditionBroken
from havenlight.report.revising import Change, Part, Recount, by_count
from havenlight.report.tables import Plan, Reading, planned


@dataclass(frozen=True, slots=True)
class About:
    """What an edition says of itself beside its figures."""

    organisation: str
    emergency_number: str
    help_url: str
    data_on: date
    rules: Rules = field(default_factory=Rules)
    notes: tuple[Note, ...] = ()
    words: Texts | None = None
    revision: int = 1
    corrects: Text | None = None
    analyses: tuple[Analysis, ...] = ()


@dataclass(frozen=True, slots=True)
class Frozen:
    """An edition, the ledger as it will be once the edition is published, and the tables.

    already: small counts that can be found without this edition, each as what tells it together.
    """

    edition: Edition
    ledger: Ledger
    tables: tuple[ProtectedTable, ...]
    already: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What readers know already: the ledger of all that was published, and earlier editions.

    changes: who was added to a year and taken back since it was told, where it was kept who that
        was; None where it was not, so that only the counts can be compared.
    """

    ledger: Ledger = field(default_factory=Ledger)
    editions: tuple[Edition, ...] = ()
    changes: Mapping[Part, Change] | None = None


def freeze(
    book: Book,
    registrations: Registrations,
    year: int,
    about: About,
    published: Published | None = None,
) -> Frozen:
    """Count, protect, attack, and keep what may be printed.

    Years that an earlier edition holds are taken from it as they were published, and only their
    totals counted again, to be revised; the others of the series are counted.
    Raises NothingToCount for a year without registrations, EditionBroken when the attacker finds
    a count in what would be published.
    """
    published = published or Published()
    there = set(registrations.versions)
    if year not in there:
        raise NothingToCount(year)
    series = range(year - SERIES + 1, year + 1)
    before = {
        each: edition for edition in published.editions for each in edition.years if each in series
    }  # the later edition of a year wins
    before.pop(year, None)
    counted = [each for each in series if each in there and each not in before]
    recount = Recount(
        named(year, about.revision),
        about.data_on.isoformat(),
        before,
        by_count(book, registrations, before) if published.changes is None else published.changes,
        about.rules.threshold,
        published.ledger,
    )

    def made(counting: int) -> tuple[Plan, Protected]:
        plan = planned(book, registrations, counted, about.revision, counting)
        tables = (*plan.tables.values(), *recount.tables)
        return plan, linking.protected(tables, about.rules, plan.told(published.ledger))

    plan, protected = linking.fitting(published.ledger, counted, about.revision, made)
    if protected.broken:
        raise EditionBroken(blamed(protected.broken))
    years = tuple(sorted({*counted, *before}))
    printing = Printing(book, protected, plan, years, before)
    estimates = {key: _estimate(each) for key, each in book.externals.items()}
    figures = {
        figure.id: with_reach(printing.figure(figure), estimates)
        for figure in book.figures.values()
        if figure.kind not in {Kind.GROWTH, Kind.TOTAL}
    }
    revisions = recount.revisions(protected.tables)
    revised = revisions.totals if revisions else ()
    figures |= {figure.id: figure for figure in derived(book, figures, revised)}
    edition = Edition(
        year=year,
        revision=about.revision,
        state="draft",
        organisation=about.organisation,
        emergency_number=about.emergency_number,
        help_url=about.help_url,
        simulated=registrations.simulated,
        data_on=about.data_on.isoformat(),
        codebook=book.codebook.version,
        codebooks={each: registrations.versions[each] for each in counted},
        definitions=defining.fingerprint(book),
        rules={key: str(value) for key, value in asdict(about.rules).items()},
        years=years,
        figures=figures,
        withheld=tuple(withheld(figures.values(), counted)),
        notes=(*about.notes, *of_codebooks(registrations.versions, counted)),
        estimates=estimates,
        words=about.words or {},
        corrects=about.corrects,
        analyses=about.analyses,
        revisions=revisions,
    )
    return Frozen(edition, protected.ledger, protected.tables, blamed(protected.already))


def blamed(findings: Iterable[Finding]) -> tuple[str, ...]:
    """What the attacker found, each as the names of those that told it together."""
    return tuple(dict.fromkeys(" + ".join(each.because) for each in findings))


class Printing:
    """Reads figures from protected tables."""

    def __init__(
        self,
        book: Book,
        protected: Protected,
        plan: Plan,
        years: Sequence[int],
        before: Mapping[int, Edition],
    ) -> None:
        self.book, self.plan, self.years, self.before = book, plan, years, before
        self.tables = {table.key: table for table in protected.tables}
        self.readings: dict[tuple[str, int], list[Reading]] = {}
        for reading in plan.readings:
            self.readings.setdefault((reading.figure, reading.year), []).append(reading)

    def figure(self, figure: Definition) -> Printed:
        """One figure with all its years."""
        numbers = _Numbers()
        for year in self.years:
            if (edition := self.before.get(year)) is not None:
                numbers.take(edition.figures.get(figure.id), year)
            elif (found := self.readings.get((figure.id, year))) is not None:
                self._count(figure, year, found, numbers)
            elif (reason := self.plan.untold.get((figure.id, year))) is not None:
                numbers.values[year] = Value(WITHHELD, reason=reason)
        return Printed(
            id=figure.id,
            kind=figure.kind.value,
            unit=figure.population.unit.value,
            population=figure.population.name,
            rule=figure.population.rule,
            name=figure.name,
            sentence=figure.sentence,
            counted=said((*figure.population.where, *figure.within)),
            variables=figure.variables,
            exclusive=figure.exclusive,
            source=figure.source,
            external=figure.external,
            people=numbers.people,
            values=numbers.values,
            rows=numbers.rows,
            when={part.key: said(part.when) for part in figure.parts},
            absences={each.value: figure.absences[each].value for each in Absence}
            if figure.parts
            else {},
            outside=tuple(numbers.outside),
        )

    def _count(
        self, figure: Definition, year: int, found: Sequence[Reading], numbers: "_Numbers"
    ) -> None:
        if figure.kind is Kind.TABLE:
            numbers.rows[year] = tuple(self._rows(figure, found))
            numbers.values[year] = self._base(found[0])
        else:
            numbers.values[year] = read(self.tables[found[0].table], found[0])
        if (count := self._people(figure, year)) is not None:
            numbers.people[year] = count
        if (figure.id, year) in self.plan.outside:
            numbers.outside.append(year)

    def _people(self, figure: Definition, year: int) -> int | None:
        """How many the whole population holds; not said of a part of it."""
        found = self.readings.get((figure.population.key, year))
        if figure.within or found is None:
            return None
        total = _total(self.tables[found[0].table])
        return total.value if total.shown is Shown.EXACT else None

    def _base(self, reading: Reading) -> Value:
        table = self.tables[reading.table]
        if table.withheld is not None:
            return Value(WITHHELD, reason=table.withheld.value)
        total = _total(table)
        return _whole(total)

    def _rows(self, figure: Definition, readings: Sequence[Reading]) -> Iterator[Row]:
        names = {part.key: part.name for part in figure.parts}
        done: set[str] = set()
        for reading in readings:
            if reading.part in done:
                continue
            table = self.tables[reading.table]
            together = _together(table, reading, readings)
            done |= set(together)
            where = reading.where
            if len(together) > 1:
                codes = {each.part: each.where[0] for each in readings}
                where = (tuple(code for part in together for code in codes[part]),)
            value = read(table, Reading(figure.id, "", reading.year, reading.table, where))
            yield Row(together, _joined([names[part] for part in together]), value)


@dataclass(slots=True)
class _Numbers:
    """The numbers of one figure by year, in the making."""

    values: dict[int, Value] = field(default_factory=dict)
    rows: dict[int, tuple[Row, ...]] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)
    outside: list[int] = field(default_factory=list)

    def take(self, printed: Printed | None, year: int) -> None:
        """A year as an earlier edition printed it."""
        if printed is None or year not in printed.values:
            return
        self.values[year] = printed.values[year]
        if year in printed.rows:
            self.rows[year] = printed.rows[year]
        if year in printed.people:
            self.people[year] = printed.people[year]
        if year in printed.outside:
            self.outside.append(year)


def _together(
    table: ProtectedTable, reading: Reading, readings: Sequence[Reading]
) -> tuple[str, ...]:
    """The parts that control merged with this one, in order of print."""
    for cell in table.cells:
        if len(cell.codes) == 1 and set(reading.where[0]) < set(cell.codes[0]):
            held = set(cell.codes[0])
            same = [each for each in readings if each.table == reading.table]
            return tuple(each.part for each in same if set(each.where[0]) <= held)
    return (reading.part,)


def _joined(names: Sequence[Text]) -> Text:
    return Text(*(", ".join(each.in_language(lang) for each in names) for lang in ("nl", "en")))


def _total(table: ProtectedTable) -> Cell:
    return next(cell for cell in table.cells if not any(cell.codes))


def _whole(total: Cell) -> Value:
    """How many there are: the count, or between which it lies."""
    if total.value is None:
        ends = {"lower": total.lower, "upper": total.upper}
        return Value(total.shown.value, reason=_why(total), **ends)
    return Value(total.shown.value, total.value, total.value, reason=_why(total))


def read(table: ProtectedTable, reading: Reading) -> Value:
    """One number from what a protected table prints, and from nothing else."""
    if table.withheld is not None:
        return Value(WITHHELD, reason=table.withheld.value)
    total = _total(table)
    if not reading.where:
        return _whole(total)
    inside = [cell for cell in table.cells if _is_inside(cell, reading.where)]
    for place, wanted in enumerate(reading.where):
        if {code for cell in inside for code in cell.codes[place]} != set(wanted):
            return Value(WITHHELD, base=total.value, reason="merged")
    if len(inside) == 1 and inside[0].value is None:
        cell = inside[0]
        ends = {"lower": cell.lower, "upper": cell.upper}
        return Value(cell.shown.value, base=total.value, reason=_why(cell), **ends)
    if any(cell.value is None for cell in inside) or not total.value:
        return Value(WITHHELD, base=total.value, reason="small")
    count = sum(cell.value for cell in inside if cell.value is not None)
    return _shared(table, inside, count, total.value)


def _is_inside(cell: Cell, where: tuple[tuple[str, ...], ...]) -> bool:
    return all(
        codes == () if not wanted else bool(codes) and set(codes) <= set(wanted)
        for codes, wanted in zip(cell.codes, where, strict=True)
    )


def _shared(table: ProtectedTable, inside: Sequence[Cell], count: int, base: int) -> Value:
    shown = inside[0].shown.value if len(inside) == 1 else _least_exact(inside)
    share = (200 * count + base) // (2 * base)
    sensitive = any(variable.sensitive for variable in table.variables)
    if (sensitive and share in {0, 100}) or count > base:
        return Value(shown, count, base, reason="group")
    interval = wilson(count, base)
    low, high = (round(100 * end) for end in (interval.lower, interval.upper))
    return Value(shown, count, base, None, None, share, low, high, _why(inside[0]))


def _least_exact(cells: Sequence[Cell]) -> str:
    shown = {cell.shown for cell in cells}
    near = (each for each in (Shown.PERTURBED, Shown.ROUNDED) if each in shown)
    return next(near, Shown.EXACT).value


def _why(cell: Cell) -> str | None:
    if cell.shown is Shown.ROUNDED:
        return "rounding"
    return cell.reason.value if cell.reason else None


def withheld(figures: Iterable[Printed], years: Sequence[int]) -> Iterator[Withheld]:
    for figure in figures:
        for year in years:
            for part, value in _numbers(figure, year):
                if value.shown != "exact" or value.reason is not None:
                    yield Withheld(figure.id, part, year, value.shown, value.reason or "")
            for row in figure.rows.get(year, ()):
                if len(row.parts) > 1 and row.value.shown == "exact":
                    yield Withheld(figure.id, "+".join(row.parts), year, "merged", "small")


def _numbers(figure: Printed, year: int) -> Iterator[tuple[str, Value]]:
    """Each number by its part, which is empty for the whole; none of the parts when it is out."""
    if year in figure.values:
        yield "", figure.values[year]
        if figure.values[year].shown == WITHHELD:
            return
    for row in figure.rows.get(year, ()):
        yield "+".join(row.parts), row.value


def of_codebooks(versions: Mapping[int, tuple[str, ...]], years: Sequence[int]) -> Iterator[Note]:
    for year in years:
        if len(versions[year]) > 1:
            names = " + ".join(versions[year])
            yield Note(
                year,
                Text(
                    f"In dit jaar is van codeboek gewisseld ({names}). De oudere registraties zijn "
                    "met de gepubliceerde tabel overgezet.",
                    f"The codebook changed in this year ({names}). The older registrations were "
                    "carried over by the published map.",
                ),
                "codebook",
                by_hand=False,
            )


def _estimate(external: External) -> Estimate:
    said = {"source": external.source, "revision": external.revision}
    day = external.published_on.isoformat()
    return Estimate(**{**asdict(external), **said, "published_on": day})
