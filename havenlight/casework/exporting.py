"""Registrations as files: CSV, a Frictionless data package, and the fields of HTCDS.

Persons are numbered anew in each export, so that two exports cannot be laid side by side.
"""

import csv
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from havenlight.casework import registrations
from havenlight.casework.codebook import Absence, Answer, Codebook, Kind, Variable
from havenlight.casework.formulas import harmless
from havenlight.casework.mapping import CONVERSATIONS, DAY, PACKAGE, PERSON, SEPARATOR, SIMULATED
from havenlight.casework.registrations import RegistrationRow

_ABSENCES = "|".join(Absence)
_UNKNOWN = Absence.UNKNOWN.value


@dataclass(frozen=True, slots=True)
class Export:
    """What an export is of, what it is for, and until when it may be kept."""

    year: int
    purpose: str
    expires_on: date
    simulated: bool


def write(directory: Path, codebook: Codebook, export: Export) -> int:
    """Write the registrations of a year into a new `directory`, all or nothing; tell how many.

    Those coded under an older codebook are brought to `codebook` by its maps.
    """
    rows = list(registrations.registrations(export.year, simulated=export.simulated))
    directory.mkdir(mode=0o700, parents=True)
    try:
        _write_all(directory, rows, codebook, export)
    except BaseException:
        shutil.rmtree(directory)
        raise
    return len(rows)


def _write_all(
    directory: Path, rows: Sequence[RegistrationRow], codebook: Codebook, export: Export
) -> None:
    numbers = {case: number for number, case in enumerate(dict.fromkeys(_cases(rows)), start=1)}
    held = registrations.conversations(export.year)
    table = [
        _brought(row, codebook)
        | {PERSON: str(numbers[row.case]), CONVERSATIONS: str(held.get(row.case) or _UNKNOWN)}
        for row in rows
    ]
    own = [SIMULATED, PERSON, DAY, CONVERSATIONS, *codebook.variables]
    _write_csv(directory / "registrations.csv", own, table)
    fields = sorted({one.htcds for one in codebook.variables.values() if one.htcds})
    _write_csv(
        directory / "htcds.csv",
        [SIMULATED, PERSON, *fields],
        [_htcds(one, codebook, fields) for one in table],
    )
    package = json.dumps(_package(codebook, export, fields), ensure_ascii=False, indent=1)
    (directory / PACKAGE).write_text(package, encoding="utf-8")


def erase_expired(exports: Path, today: date) -> int:
    """Delete the exports whose day has passed, and tell how many those were."""
    count = 0
    for package in exports.glob(f"*/{PACKAGE}"):
        expires_on = json.loads(package.read_text(encoding="utf-8"))["expires_on"]
        if date.fromisoformat(expires_on) < today:
            shutil.rmtree(package.parent)
            count += 1
    return count


def _cases(rows: Iterable[RegistrationRow]) -> Iterable[UUID]:
    return (row.case for row in rows)


def _brought(row: RegistrationRow, codebook: Codebook) -> dict[str, str]:
    answers = row.answers
    if row.codebook != codebook.version:
        answers = registrations.brought_to(codebook.version, row.codebook, answers)
    cells = {key: _cell(answers[key]) for key in codebook.variables}
    said = "yes" if row.simulated else "no"
    return {SIMULATED: said, DAY: row.first_seen_on.isoformat(), **cells}


def _cell(answer: Answer) -> str:
    text = SEPARATOR.join(answer) if isinstance(answer, tuple) else str(answer)
    # No code or key begins so; a spreadsheet must not run what somebody brings in one day.
    return harmless(text)


def _htcds(cells: dict[str, str], codebook: Codebook, fields: Sequence[str]) -> dict[str, str]:
    found: dict[str, dict[str, None]] = {field: {} for field in fields}
    for variable in codebook.variables.values():
        for code in cells[variable.key].split(SEPARATOR) if variable.htcds else ():
            known = variable.code(code)
            if variable.htcds and known and known.htcds:
                found[variable.htcds][known.htcds] = None
    joined = {field: SEPARATOR.join(values) for field, values in found.items()}
    return {SIMULATED: cells[SIMULATED], PERSON: cells[PERSON], **joined}


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)


def _package(codebook: Codebook, export: Export, htcds: Sequence[str]) -> dict[str, Any]:
    """The descriptor: what each column is, what may stand in it, and until when it may be kept."""
    said = "yes" if export.simulated else "no"
    own: list[dict[str, Any]] = [
        {"name": SIMULATED, "type": "string", "constraints": {"enum": [said]}},
        {"name": PERSON, "type": "integer", "description": "A number of this export alone."},
        {"name": DAY, "type": "date"},
        {
            "name": CONVERSATIONS,
            "type": "string",
            "description": "How many the person had in the year of that day.",
            "constraints": {"pattern": rf"[1-9]\d*|{_UNKNOWN}"},
        },
        *map(_field, codebook.variables.values()),
    ]
    standard = [*own[:2], *({"name": name, "type": "string"} for name in htcds)]
    return {
        "name": f"registrations-{export.year}",
        "title": f"{codebook.title.en}, {export.year}",
        "purpose": export.purpose,
        "expires_on": export.expires_on.isoformat(),
        "simulated": export.simulated,
        "codebook": codebook.version,
        "resources": [_resource("registrations", own), _resource("htcds", standard)],
    }


def _resource(name: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields},
    }


def _field(variable: Variable) -> dict[str, Any]:
    field = {"name": variable.key, "type": "string", "title": variable.label.en}
    codes = "|".join(code.code for code in variable.codes)
    allowed = {
        Kind.ONE: f"{codes}|{_ABSENCES}",
        Kind.SEVERAL: f"(({codes})({SEPARATOR}({codes}))*)|{_ABSENCES}",
        Kind.NUMBER: rf"\d+|{_ABSENCES}",
        Kind.MONTHS: rf"\d+|{_ABSENCES}",
        Kind.DATE: rf"\d{{4}}-\d\d-\d\d|{_ABSENCES}",
        Kind.KEY: rf"[a-z0-9][a-z0-9_-]*|{_ABSENCES}",
    }[variable.kind]
    return {**field, "constraints": {"pattern": f"({allowed})"}}
