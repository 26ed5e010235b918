"""The printed numbers as CSV with a Frictionless descriptor: only what the report says too."""

import csv
import io
import json
from collections.abc import Iterator

from havenlight.report.edition import Edition, Printed, Value

FIELDS = (
    *("figure", "part", "year", "unit", "shown", "count", "count_at_least", "count_at_most"),
    *("base", "share_percent", "low_percent", "high_percent", "reason"),
)
_NUMBERS = frozenset(FIELDS[5:12]) | {"year"}
_TAKEN = ("figure", "part", "year", "unit", "done", "reason")


def figures_csv(edition: Edition) -> str:
    """Every number of every year, one a line; an empty cell is one that is not published."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    for figure in edition.figures.values():
        for year in edition.years:
            writer.writerows(_lines(figure, year))
    return out.getvalue()


def _lines(figure: Printed, year: int) -> Iterator[tuple[object, ...]]:
    numbers = [("", figure.values[year])] if year in figure.values else []
    numbers += [("+".join(row.parts), row.value) for row in figure.rows.get(year, ())]
    for part, value in numbers:
        yield figure.id, part, year, figure.unit, *_cells(value)


def _cells(value: Value) -> tuple[object, ...]:
    found = (value.count, value.lower, value.upper, value.base, value.share, value.low, value.high)
    cells = tuple("" if each is None else each for each in found)
    return value.shown, *cells, value.reason or ""


def withheld_csv(edition: Edition) -> str:
    """What disclosure control rounded, merged or took out, and why.

    Figure, part, year and unit are those of `figures_csv`.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_TAKEN)
    for each in edition.withheld:
        unit = edition.figures[each.figure].unit
        writer.writerow((each.figure, each.part, each.year, unit, each.done, each.reason))
    return out.getvalue()


def descriptor(edition: Edition) -> str:
    """The Frictionless data package of both tables."""
    text = {"type": "string"}
    fields = [
        {"name": name, **({"type": "integer"} if name in _NUMBERS else text)} for name in FIELDS
    ]
    taken = [{"name": name, "type": "integer" if name == "year" else "string"} for name in _TAKEN]
    package = {
        "profile": "tabular-data-package",
        "name": f"havenlight-figures-{edition.year}-r{edition.revision}",
        "title": f"{edition.organisation}: figures of {edition.year}",
        "description": "After disclosure control. `shown` says how a count is printed; "
        "a count that is rounded or missing says so with its reason.",
        "simulated": edition.simulated,
        "resources": [
            _resource("figures", fields),
            _resource("withheld", taken),
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
