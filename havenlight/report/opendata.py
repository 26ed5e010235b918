"""The printed numbers as open data: only what the report says too.

CSV with a Frictionless descriptor, the same tables as JSON-stat 2.0, and what each figure counts.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from havenlight.casework.codebook import Absence
from havenlight.report.edition import Edition, Printed, Value, revised_name

FIELDS = (
    *("simulated", "figure", "part", "year", "unit", "shown"),
    *("count", "count_at_least", "count_at_most"),
    *("base", "share_percent", "low_percent", "high_percent", "reason"),
)
_NUMBERS = frozenset(FIELDS[6:13]) | {"year"}
ALL = "_all"
"""The part of a figure that is all of it."""
REVISED = "revised"
"""The part that is all of it as it is known since the report on that year."""
_OF_REVISED = (
    " The part `revised` is a total of an earlier year as it is known since its own report; growth "
    "and totals over years are made from it."
)
_CODEBOOK = (
    *("figure", "part", "kind", "unit", "name_nl", "name_en", "population_nl", "population_en"),
    *("counted", "when", "variables", *(absence.value for absence in Absence), "source"),
)
_TAKEN = ("simulated", "figure", "part", "year", "unit", "done", "reason")


def files(edition: Edition) -> dict[str, str]:
    """All files of open data by name; the same edition gives the same bytes."""
    return {
        "figures.csv": figures_csv(edition),
        "withheld.csv": withheld_csv(edition),
        "codebook.csv": codebook_csv(edition),
        "figures.json": json_stat(edition),
        "datapackage.json": descriptor(edition),
    }


def figures_csv(edition: Edition) -> str:
    """Every number of every year, one a line; an empty cell is one that is not published."""
    figures = product(edition.figures.values(), edition.years)
    lines = (line for figure, year in figures for line in _lines(edition, figure, year))
    return _csv(FIELDS, ((_said(edition), *line) for line in lines))


def _said(edition: Edition) -> str:
    """On every line, since lines are copied without their package."""
    return "yes" if edition.simulated else "no"


def _csv(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


def _lines(edition: Edition, figure: Printed, year: int) -> Iterator[tuple[object, ...]]:
    numbers = [("", figure.values[year])] if year in figure.values else []
    numbers += [(REVISED, value) for value in _revised(edition, figure, year)]
    numbers += [("+".join(row.parts), row.value) for row in figure.rows.get(year, ())]
    for part, value in numbers:
        yield figure.id, part, year, figure.unit, *_cells(value)


def _revised(edition: Edition, figure: Printed, year: int) -> Iterator[Value]:
    """A total of an earlier year as it is known since, beside the one that was published."""
    if edition.revised(figure.id, year) and (value := edition.latest(figure.id, year)):
        yield value


def _cells(value: Value) -> tuple[object, ...]:
    found = (value.count, value.lower, value.upper, value.base, value.share, value.low, value.high)
    cells = tuple("" if each is None else each for each in found)
    return value.shown, *cells, value.reason or ""


def withheld_csv(edition: Edition) -> str:
    """What disclosure control rounded, merged or took out, and why.

    Figure, part, year and unit are those of `figures_csv`.
    """
    rows = (
        (_said(edition), each.figure, each.part, each.year, edition.figures[each.figure].unit,
         each.done, each.reason)
        for each in edition.withheld
    )  # fmt: skip
    return _csv(_TAKEN, rows)


def codebook_csv(edition: Edition) -> str:
    """What each figure and each of its parts is called, of whom it is, and what is counted."""
    figures = edition.figures.values()
    rows = ((figure, part) for figure in figures for part in _parts(edition, figure))
    return _csv(_CODEBOOK, (_described(figure, part) for figure, part in rows))


def _parts(edition: Edition, figure: Printed) -> Iterator[str]:
    yield ""
    yield from _labels(edition, figure)


def _labels(edition: Edition, figure: Printed) -> dict[str, str]:
    """The parts of all years, those that control merged as one, with their English names."""
    revised = any(edition.revised(figure.id, year) for year in edition.years)
    parts = {"+".join(row.parts): row.name.en for rows in figure.rows.values() for row in rows}
    return ({REVISED: revised_name(figure.name).en} if revised else {}) | parts


def _described(figure: Printed, part: str) -> tuple[str, ...]:
    rows = [row for rows in figure.rows.values() for row in rows if "+".join(row.parts) == part]
    name = rows[0].name if rows else figure.name
    name = revised_name(name) if part == REVISED else name
    return (
        *(figure.id, part, figure.kind, figure.unit, name.nl, name.en),
        *(figure.population.nl, figure.population.en, figure.counted, _when(figure, part)),
        "+".join(figure.variables),
        *(figure.absences.get(absence, "") for absence in Absence),
        figure.source,
    )


def _when(figure: Printed, part: str) -> str:
    """Which answers count for a part; of a figure with one part, for the whole of it."""
    if part in {"", REVISED}:
        return next(iter(figure.when.values())) if len(figure.when) == 1 else ""
    return " | ".join(figure.when.get(each, "") for each in part.split("+"))


def json_stat(edition: Edition) -> str:
    """A JSON-stat 2.0 collection: a dataset for each figure, its parts by its years.

    What is not printed has the value null, never 0; its status says how it is shown, and "absent"
    where a year has no such number. `extension` holds the counts that stay possible, and shares.
    """
    held = {
        "version": "2.0",
        "class": "collection",
        "label": f"{edition.organisation}: figures of {edition.period}",
        "updated": edition.data_on,
        "extension": {"simulated": edition.simulated},
        "link": {"item": [_dataset(each, edition) for each in edition.figures.values()]},
    }
    return json.dumps(held, ensure_ascii=False, indent=1) + "\n"


def _dataset(figure: Printed, edition: Edition) -> dict[str, Any]:
    labels = {ALL: figure.population.en, **_labels(edition, figure)}
    values = {(ALL, year): value for year, value in figure.values.items()}
    values |= {
        (REVISED, year): value
        for year in edition.years
        for value in _revised(edition, figure, year)
    }
    for year, rows in figure.rows.items():
        values |= {("+".join(row.parts), year): row.value for row in rows}
    cells = [values.get(place) for place in product(labels, edition.years)]
    years = [edition.period_of((year,)) for year in edition.years]
    return {
        "class": "dataset",
        "href": f"#{figure.id}",
        "label": figure.name.en,
        "id": ["part", "period"],
        "size": [len(labels), len(years)],
        "role": {"time": ["period"]},
        "dimension": {
            "part": {"category": {"index": list(labels), "label": labels}},
            "period": {"category": {"index": years}},
        },
        "value": [cell and cell.count for cell in cells],
        "status": [cell.shown if cell else "absent" for cell in cells],
        "extension": {
            name: [cell and getattr(cell, name) for cell in cells]
            for name in ("lower", "upper", "base", "share", "low", "high", "reason")
        },
    }


def descriptor(edition: Edition) -> str:
    """The Frictionless data package of both tables."""
    text = {"type": "string"}
    fields = [
        {"name": name, **({"type": "integer"} if name in _NUMBERS else text)} for name in FIELDS
    ]
    taken = [{"name": name, "type": "integer" if name == "year" else "string"} for name in _TAKEN]
    package = {
        "profile": "tabular-data-package",
        "name": f"havenlight-figures-{edition.period}-r{edition.revision}",
        "title": f"{edition.organisation}: figures of {edition.period}",
        "description": "After disclosure control. `shown` says how a count is printed; "
        "a count that is rounded or missing says so with its reason. `share_percent` is the count "
        "in whole per cents of `base`: of growth that is the count of the year before, of reach "
        "the estimate." + (_OF_REVISED if edition.revisions and edition.revisions.totals else ""),
        "simulated": edition.simulated,
        "resources": [
            _resource("figures", fields),
            _resource("withheld", taken),
            _resource("codebook", [{"name": name, **text} for name in _CODEBOOK]),
        ],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _resource(name: str, fields: list[dict[str, str]]) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\n"},
        "schema": {"fields": fields, "missingValues": [""]},
    }
