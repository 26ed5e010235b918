"""Pages of figures: each back to its definition, what was printed of it, and its counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.formats import number_format
from django.views.decorators.http import require_GET

from havenlight.casework import registrations
from havenlight.figures import defining, from_cases, tabulation
from havenlight.figures.definitions import Book, Definition, External, Kind, said
from havenlight.figures.dividing import Division, division
from havenlight.figures.framing import frame
from havenlight.figures.tabulation import Counted
from havenlight.report import queries
from havenlight.report.edition import Value, revised_name
from havenlight.report.errors import NotAllowed
from havenlight.report.gate import for_right
from havenlight.report.texts import day, fate, number, printed, unit, why
from havenlight.team.gate import MemberRequest
from havenlight.team.permissions import Right, may


@require_GET
@for_right(Right.FIGURES)
def figures(request: MemberRequest) -> HttpResponse:
    """Every figure, with what is counted in it."""
    book, language = defining.newest(), _language()
    rows = [
        {
            "id": each.id,
            "name": each.name.in_language(language),
            "unit": unit(each.population.unit, 2),
            "population": each.population.name.in_language(language),
        }
        for each in book.figures.values()
    ]
    return render(request, "report/figures.html", {"rows": rows, **frame(request)})


@require_GET
@for_right(Right.FIGURES)
def figure(request: MemberRequest, name: str) -> HttpResponse:
    """One figure: its definition, what was printed, and for coordinators what was counted.

    Counts before control are of the years that are registered now; nobody else may see them, since
    a count that is not printed could be found from them.
    """
    book = defining.newest()
    if name not in book.figures:
        raise NotAllowed
    one = book.figures[name]
    context: dict[str, Any] = {
        "definition": _definition(one, book),
        "parts": [(part.name.in_language(_language()), said(part.when)) for part in one.parts],
        "published": list(_published(one)),
        "sees_counts": may(request.user, Right.PUBLISHING),
        **frame(request),
    }
    if context["sees_counts"]:
        context["counted"] = list(_counted(one, book))
    return render(request, "report/figure.html", context)


def _language() -> str:
    return translation.get_language() or "en"


@dataclass(frozen=True, slots=True)
class _Definition:
    """A definition in words of the page's language."""

    id: str
    name: str
    unit: str
    population: str
    rule: str
    where: str
    within: str
    divided: Division
    variables: tuple[str, ...]
    sensitive: tuple[str, ...]
    codebook: str
    absences: tuple[tuple[str, str], ...]
    source: str
    sentence: str
    external: str


def _definition(one: Definition, book: Book) -> _Definition:
    language = _language()
    return _Definition(
        id=one.id,
        name=one.name.in_language(language),
        unit=unit(one.population.unit, 2),
        population=one.population.name.in_language(language),
        rule=one.population.rule.in_language(language),
        where=said(one.population.where),
        within=said(one.within),
        divided=division(one.kind),
        variables=one.variables,
        sensitive=tuple(sorted(book.told_by(one))),
        codebook=book.codebook.version,
        absences=tuple(
            (book.codebook.absence(absence, language), fate(treated))
            for absence, treated in one.absences.items()
        )
        if one.parts
        else (),
        source=one.source,
        sentence=one.sentence.in_language(language) if one.sentence else "",
        external=_external(book.externals[one.external], language) if one.external else "",
    )


def _external(external: External, language: str) -> str:
    """Whose number it is divided by, as a report says it."""
    source, revision = (each.in_language(language) for each in (external.source, external.revision))
    published = day(external.published_on.isoformat())
    return f"{number(round(external.estimate))}: {source}, {published} ({revision})"


@dataclass(frozen=True, slots=True)
class _Printed:
    """A number as an edition printed it."""

    edition: str
    year: int
    part: str
    count: str
    base: int | None
    share: int | None
    reason: str


def _published(one: Definition) -> Iterator[_Printed]:
    """From the newest public edition of each year back, each year once."""
    done: set[int] = set()
    for edition in reversed(queries.published()):
        held = edition.figures.get(one.id)
        if held is None:
            continue
        of = f"{edition.year} r{edition.revision}"
        for year in sorted(set(held.values) - done, reverse=True):
            done.add(year)
            lines = [(held.name, held.values[year])] if one.kind is not Kind.TABLE else []
            lines += [(row.name, row.value) for row in held.rows.get(year, ())]
            for name, value in lines or [(held.name, held.values[year])]:
                yield _line(of, year, name.in_language(_language()), value)
            if edition.revised(one.id, year) and (latest := edition.latest(one.id, year)):
                revised = revised_name(held.name).in_language(_language())
                yield _line(of, year, revised, latest)


def _line(edition: str, year: int, part: str, value: Value) -> _Printed:
    reason = why(value) if value.reason else ""
    return _Printed(edition, year, part, printed(value), value.base, value.share, reason)


@dataclass(frozen=True, slots=True)
class _Count:
    """What was counted in a year, before control."""

    year: int
    population: int
    base: int | None
    absent: tuple[tuple[str, int], ...]
    parts: tuple[tuple[str, int, str], ...]


def _counted(one: Definition, book: Book) -> Iterator[_Count]:
    years = registrations.years(simulated=settings.DEMO)
    wanted = tabulation.wanted(book)
    there = from_cases.read(book.codebook, wanted, years, simulated=settings.DEMO)
    found = {year: tabulation.count(one, there, there.years == year, year) for year in years}
    for year in reversed(years):
        made_from = [found.get(each) for each in tabulation.years_of(one, year)]
        counted = [each for each in made_from if each is not None]
        if len(counted) == len(made_from):
            yield _count(one, counted, book) if one.parts else _whole(one, counted, book)


def _count(one: Definition, counted: Sequence[Counted], book: Book) -> _Count:
    """A year of a figure that has parts."""
    names = {part.key: part.name.in_language(_language()) for part in one.parts}
    of = counted[-1]
    return _Count(
        of.year,
        of.population,
        of.base,
        tuple((book.codebook.absence(absence, _language()), n) for absence, n in of.absent.items()),
        tuple((names.get(key, key), n, _percent(of.share(key))) for key, n in of.parts.items()),
    )


def _whole(one: Definition, counted: Sequence[Counted], book: Book) -> _Count:
    """A year of a figure without parts: all of its population, over what it is divided by."""
    year, people = counted[-1].year, sum(each.base for each in counted)
    base = None
    if one.kind is Kind.GROWTH:
        base, people = counted[0].base, counted[-1].base
    elif one.external is not None:
        base = round(book.externals[one.external].estimate)
    share = people / base if base else None
    name = one.name.in_language(_language())
    return _Count(year, people, base, (), ((name, people, _percent(share)),))


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{number_format(round(100 * share, 1), 1)}%"
