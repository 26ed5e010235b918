"""Simulated cases as CSV with a Frictionless data package; every row says it is simulated."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from havenlight.casework.codebook import Absence, Answer, Codebook, Kind, Variable
from havenlight.casework.errors import SimulationRefused
from havenlight.casework.mapping import SIMULATED
from havenlight.casework.simulate import Case

NOTICE = "SIMULATED: no row is about a person; the shares imitate published figures."
CONTACT_FIELDS = (SIMULATED, "contact", "case", "contacted_on")
CASE_FIELDS = (SIMULATED, "case", "codebook")


def write(directory: Path, cases: Sequence[Case], codebook: Codebook, seed: int) -> None:
    """Write both tables, their descriptor and a mapping, with the same bytes for the same cases.

    Raises SimulationRefused when something stands there already: nothing real is overwritten.
    """
    made = {
        "contacts.csv": _csv(CONTACT_FIELDS, _contacts(cases)),
        "registrations.csv": _csv(
            (*CASE_FIELDS, *codebook.variables), _registrations(cases, codebook)
        ),
        "datapackage.json": json.dumps(descriptor(codebook, seed), indent=1, ensure_ascii=False)
        + "\n",
        "mapping.toml": _mapping(codebook),
    }
    if there := [name for name in made if (directory / name).exists()]:
        raise SimulationRefused(f"{there[0]} is there already; give an empty directory")
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (directory / name).write_bytes(content.encode())


def _mapping(codebook: Codebook) -> str:
    """How `havenlight registrations import` reads the registrations, marked as simulated."""
    columns = [f'[columns.{key}]\nvariable = "{key}"\n' for key in codebook.variables]
    head = f'# {NOTICE}\ncodebook = "{codebook.version}"\nperson = "case"\n'
    return f'{head}contacted_on = "contacted_on"\nseparator = " "\nsimulated = true\n' + "".join(
        columns
    )


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _contacts(cases: Iterable[Case]) -> Iterator[list[str]]:
    for case in cases:
        for number, day in enumerate(case.contacted_on, start=1):
            yield ["yes", f"{case.name}-{number}", case.name, day.isoformat()]


def _registrations(cases: Iterable[Case], codebook: Codebook) -> Iterator[list[str]]:
    for case in cases:
        answers = [_cell(case.answers[key]) for key in codebook.variables]
        yield ["yes", case.name, codebook.version, *answers]


def _cell(answer: Answer) -> str:
    if isinstance(answer, tuple):
        return " ".join(answer)
    return answer.isoformat() if isinstance(answer, date) else str(answer)


def descriptor(codebook: Codebook, seed: int) -> dict[str, object]:
    """The Frictionless data package of both tables."""
    days: dict[str, object] = {"name": "contacted_on", "type": "date"}
    contacts = [_mark(), _name("contact"), _name("case"), days]
    variables = [_field(variable) for variable in codebook.variables.values()]
    version = {**_name("codebook"), "constraints": {"enum": [codebook.version]}}
    registrations = [_mark(), _name("case"), version, *variables]
    return {
        "profile": "tabular-data-package",
        "name": "havenlight-simulated",
        "title": "Simulated helpline",
        "description": f"{NOTICE} Seed {seed}, codebook {codebook.version}.",
        SIMULATED: True,
        "resources": [
            _resource("contacts", contacts, "contact", refers=True),
            _resource("registrations", registrations, "case", refers=False),
        ],
    }


def _resource(
    name: str, fields: list[dict[str, object]], key: str, *, refers: bool
) -> dict[str, object]:
    schema: dict[str, object] = {"fields": fields, "primaryKey": key, "missingValues": []}
    if refers:
        reference = {"resource": "registrations", "fields": "case"}
        schema["foreignKeys"] = [{"fields": "case", "reference": reference}]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "description": NOTICE,
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\n"},
        "schema": schema,
    }


def _mark() -> dict[str, object]:
    return {"name": SIMULATED, "type": "string", "constraints": {"enum": ["yes"]}}


def _name(name: str) -> dict[str, object]:
    return {"name": name, "type": "string", "constraints": {"required": True}}


def _field(variable: Variable) -> dict[str, object]:
    # Always a string: the four absences are answers, and a reader must not melt them into one null.
    return {
        "name": variable.key,
        "type": "string",
        "title": variable.label.en,
        "description": variable.help.en,
        "constraints": {"required": True, "pattern": _pattern(variable)},
    }


def _pattern(variable: Variable) -> str:
    absences = "|".join(Absence)
    code = "|".join(code.code for code in variable.codes)
    patterns = {
        Kind.ONE: code,
        Kind.SEVERAL: f"({code})( ({code}))*",
        Kind.NUMBER: "[0-9]+",
        Kind.MONTHS: "[0-9]+",
        Kind.DATE: "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        Kind.KEY: "[a-z0-9][a-z0-9_-]*",
    }
    return f"^({patterns[variable.kind]}|{absences})$"
