"""Protected tables as open data: CSV with Frictionless descriptors, JSON-stat, the codebook."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from havenlight.disclosure.tables import Cell, Codes, ProtectedTable, Reason, Shown

ALL = "_all"  # the code of a margin
TOGETHER = "+"  # between codes that are printed together
_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("shown", "string", "how the count is shown"),
    ("count", "integer", "the count that is printed; empty when none is"),
    ("lower", "integer", "the least count that this leaves possible"),
    ("upper", "integer", "the most; empty when no limit is said"),
    ("share", "integer", "whole per cents of the answers, of a row where there are two variables"),
    ("reason", "string", "why the count is not shown as it is"),
    ("share_reason", "string", "why the share is not shown"),
)


@dataclass(frozen=True)
class Labels:
    """What people read for keys, in one language.

    titles: of tables and variables, by key; codes: by variable and code. What is missing stays its
    key, so that a file is never refused for want of a word.
    """

    language: str
    titles: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]

    def title(self, key: str) -> str:
        """The title of a table or variable."""
        return self.titles.get(key, key)

    def code(self, variable: str, code: str) -> str:
        """The words for a code."""
        return self.codes.get(variable, {}).get(code, code)


@dataclass(frozen=True)
class About:
    """What stands on a package: its name (lower case, no spaces), title, version, licence."""

    name: str
    title: str
    version: str
    licence: str = "CC-BY-4.0"


def files(tables: Sequence[ProtectedTable], labels: Labels, about: About) -> dict[str, bytes]:
    """All files of a package by name, to be written as they are; equal input gives equal bytes.

    `datapackage.json`, `codebook.csv`, and for each table that is not withheld its CSV and its
    JSON-stat. Nothing is in them that is not in the tables.
    """
    printed = [table for table in tables if table.withheld is None]
    found = {"codebook.csv": codebook_csv(printed, labels)}
    for table in printed:
        found[f"{file_name(table)}.csv"] = table_csv(table)
        found[f"{file_name(table)}.json"] = _json(json_stat(table, labels, about))
    return {"datapackage.json": _json(data_package(printed, labels, about)), **found}


def file_name(table: ProtectedTable) -> str:
    """The name of a table's files: its key, with only letters, digits, dots and dashes."""
    kept = (one if one.isalnum() or one in ".-" else "-" for one in table.key.lower())
    return "".join(kept).strip("-.")


def table_csv(table: ProtectedTable) -> bytes:
    """A table as CSV: a row for each cell, a column for each variable, then what is shown."""
    names = [name for name, _, _ in _COLUMNS]
    rows = (
        [*_codes(cell), *(_text(getattr(cell, _FIELD.get(name, name))) for name in names)]
        for cell in table.cells
    )
    return _csv([*(one.key for one in table.variables), *names], rows)


_FIELD = {"count": "value"}


def _codes(cell: Cell) -> list[str]:
    return [TOGETHER.join(held) if held else ALL for held in cell.codes]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def codebook_csv(tables: Sequence[ProtectedTable], labels: Labels) -> bytes:
    """Every code of every variable of the tables, with its words."""
    variables = {one.key: one for table in tables for one in table.variables}
    rows = (
        [key, labels.title(key), code, labels.code(key, code), str(code in one.absent).lower()]
        for key, one in sorted(variables.items())
        for code in one.codes
    )
    return _csv(["variable", "variable_label", "code", "code_label", "is_absence"], rows)


def data_package(tables: Sequence[ProtectedTable], labels: Labels, about: About) -> dict[str, Any]:
    """The Frictionless descriptor of the CSV files (Data Package v1, tabular resources)."""
    described = [_resource(table, labels) for table in tables]
    return {
        "profile": "tabular-data-package",
        "name": about.name,
        "title": about.title,
        "version": about.version,
        "licenses": [{"name": about.licence}],
        "resources": [_codebook_resource(), *described],
    }


def _resource(table: ProtectedTable, labels: Labels) -> dict[str, Any]:
    keys = [one.key for one in table.variables]
    dimensions = [
        {
            "name": one.key,
            "type": "string",
            "title": labels.title(one.key),
            "description": f"codes, joined by {TOGETHER} when printed together; {ALL} for all",
            "constraints": {"required": True},
        }
        for one in table.variables
    ]
    return _described(file_name(table), labels.title(table.key), [*dimensions, *_fields()], keys)


def _fields() -> list[dict[str, Any]]:
    reasons = [str(one) for one in Reason]
    closed = {
        "shown": [str(one) for one in Shown],
        "reason": reasons,
        "share_reason": reasons,
    }
    return [
        {"name": name, "type": kind, "description": told}
        | ({"constraints": {"enum": closed[name]}} if name in closed else {})
        for name, kind, told in _COLUMNS
    ]


def _codebook_resource() -> dict[str, Any]:
    names = ("variable", "variable_label", "code", "code_label")
    fields = [{"name": name, "type": "string"} for name in names]
    fields.append({"name": "is_absence", "type": "boolean"})
    return _described("codebook", "Codebook", fields, ["variable", "code"])


def _described(
    name: str, title: str, fields: list[dict[str, Any]], keys: list[str]
) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if keys:
        schema["primaryKey"] = keys
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "title": title,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def json_stat(table: ProtectedTable, labels: Labels, about: About) -> dict[str, Any]:
    """A table as a JSON-stat 2.0 dataset; its status tells how each cell is shown.

    Codes that are printed together are one category. Cells that are not printed have the value
    null, never 0; a combination of categories that was not printed at all has the status "absent".
    """
    axes = [_categories(table, at) for at in range(len(table.variables))]
    cells = {tuple(_codes(cell)): cell for cell in table.cells}
    ordered = [cells.get(place) for place in product(*axes)]
    return {
        "version": "2.0",
        "class": "dataset",
        "label": labels.title(table.key),
        "updated": about.version,
        "id": [one.key for one in table.variables],
        "size": [len(axis) for axis in axes],
        "dimension": {
            one.key: {
                "label": labels.title(one.key),
                "category": {
                    "index": list(axis),
                    "label": {name: _words(one.key, held, labels) for name, held in axis.items()},
                },
            }
            for one, axis in zip(table.variables, axes, strict=True)
        },
        "value": [None if cell is None else cell.value for cell in ordered],
        "status": ["absent" if cell is None else str(cell.shown) for cell in ordered],
        "extension": {
            "lower": [None if cell is None else cell.lower for cell in ordered],
            "upper": [None if cell is None else cell.upper for cell in ordered],
            "share": [None if cell is None else cell.share for cell in ordered],
        },
    }


def _categories(table: ProtectedTable, at: int) -> dict[str, Codes]:
    return {_codes(cell)[at]: cell.codes[at] for cell in table.cells}


def _words(variable: str, held: Codes, labels: Labels) -> str:
    return ", ".join(labels.code(variable, code) for code in held) if held else ALL


def _csv(header: list[str], rows: Iterator[list[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _json(held: dict[str, Any]) -> bytes:
    return (json.dumps(held, ensure_ascii=False, indent=1) + "\n").encode()
