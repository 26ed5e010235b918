"""The codebook page: what each figure of an edition counts, for who works with its data."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from havenlight.figures.definitions import Kind, Treated
from havenlight.figures.dividing import division
from havenlight.report.documents import Maker
from havenlight.report.edition import Printed, revised_name
from havenlight.report.opendata import REVISED
from havenlight.report.parts import Block, Document, Grid, Section
from havenlight.report.texts import fate, unit


def codebook(maker: Maker) -> Document:
    """Every figure with its condition, its variables and its source, by population."""
    edition = maker.edition
    groups: dict[str, list[Printed]] = {}
    for figure in edition.figures.values():
        groups.setdefault(figure.population.in_language(maker.language), []).append(figure)
    sections = (_files(), *(_population(maker, *each) for each in groups.items()))
    return Document(
        "codebook",
        maker.language,
        _("Codebook of the data"),
        _("Edition %(period)s") % {"period": edition.period},
        edition,
        (),
        sections,
        (maker.withheld(),),
    )


def _files() -> Section:
    rows = (
        ("figures.csv", _("Every printed number, one a line.")),
        ("figures.json", _("The same numbers as JSON-stat 2.0.")),
        ("withheld.csv", _("What disclosure control rounded, merged or took out, and why.")),
        ("codebook.csv", _("This page as a table.")),
        ("datapackage.json", _("What each column means (Frictionless).")),
    )
    grid = Grid(_("Files"), (_("File"), _("What is in it")), rows, is_numbers=False)
    said = _("An empty count is one that is not published, never zero: its range and the reason "
             "stand beside it.")  # fmt: skip
    return Section("files", _("Files"), (Block(sentences=(said,), grid=grid),))


def _population(maker: Maker, of: str, figures: Sequence[Printed]) -> Section:
    rule = Block(sentences=(figures[0].rule.in_language(maker.language),))
    blocks = (_figure(each, maker) for each in figures)
    return Section(figures[0].id, of[:1].upper() + of[1:], (rule, *blocks))


def _figure(figure: Printed, maker: Maker) -> Block:
    divided, language = division(Kind(figure.kind)), maker.language
    told = {
        _("Name in the data"): figure.id,
        _("Unit"): unit(figure.unit, 2),
        _("Of whom"): figure.counted,
        _("Numerator"): divided.above,
        _("Denominator"): divided.below,
        _("Earlier years"): divided.earlier if maker.edition.revisions else "",
        _("Counts when"): "".join(figure.when.values()) if figure.kind == Kind.SHARE else "",
        _("Absent answers"): "; ".join(_absences(figure)),
        _("Variables"): ", ".join(figure.variables),
        _("Source"): figure.source,
    }
    rows = (*told.items(), *_revised(figure, maker), *_parts(figure, language))
    name = figure.name.in_language(language)
    grid = Grid(name, (_("What"), _("Which")), tuple(row for row in rows if row[1]),
                is_numbers=False)  # fmt: skip
    return Block(grid=grid)


def _revised(figure: Printed, maker: Maker) -> Iterator[tuple[str, str]]:
    if any(maker.edition.revised(figure.id, year) for year in maker.edition.years):
        name = revised_name(figure.name).in_language(maker.language)
        yield _("Part %(part)s") % {"part": REVISED}, name


def _absences(figure: Printed) -> Iterator[str]:
    """What becomes of absent answers: those of one fate together."""
    for treated in Treated:
        keys = [key for key, each in figure.absences.items() if each == treated]
        if keys:
            yield f"{', '.join(keys)}: {fate(treated)}"


def _parts(figure: Printed, language: str) -> Iterator[tuple[str, str]]:
    names = {
        "+".join(row.parts): row.name.in_language(language)
        for rows in figure.rows.values()
        for row in rows
    }
    for part, name in names.items():
        when = " | ".join(filter(None, (figure.when.get(each) for each in part.split("+"))))
        told = f"{name}: {when}" if when else name
        yield _("Part %(part)s") % {"part": part}, told
