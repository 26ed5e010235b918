"""Made-up persons for researchers, alike the victims of pooled years, and what is said of them."""

import csv
import io
import json
from collections.abc import Iterator, Sequence

import numpy as np

from havenlight.casework.codebook import Absence, Kind, Publish
from havenlight.disclosure.synthesis import WHAT_IT_IS_NOT, Error, Synthetic, synthesise
from havenlight.disclosure.tables import Counts, Variable
from havenlight.figures.columns import ABSENT_BIT, Codes, Registrations
from havenlight.figures.definitions import Book
from havenlight.report.errors import EditionRefused

VARIABLES = (
    *("age_band", "gender", "still_going_on"),
    *("duration_band", "perpetrators", "first_disclosure"),
)
"""What a file holds unless other variables are asked for: noise grows with the number of pairs."""


def made_up(
    book: Book,
    registrations: Registrations,
    years: Sequence[int],
    keys: Sequence[str] = VARIABLES,
    epsilon: float = 1.0,
) -> Synthetic:
    """As many made-up persons as there are victims in these years.

    keys: variables of the codebook with one answer each, that may be published; the registrations
    must hold them. The four absences are codes like any other.
    Raises EditionRefused for a variable that may not be in it, TooFewPersons below 1,000 persons,
    ValueError for an epsilon that is refused.
    """
    if len(set(keys)) < max(len(keys), 2):
        raise EditionRefused("give two variables or more, each once")
    variables = [_variable(book, key) for key in keys]
    there = np.isin(registrations.years, list(years))
    there &= registrations.all_of(book.populations["victims"].where)
    columns = [
        _places(registrations.answers[one.key][there], len(one.codes) - len(Absence))
        for one in variables
    ]
    codes: Counts = np.stack(columns, axis=1)
    return synthesise(variables, codes, epsilon)


def _variable(book: Book, key: str) -> Variable:
    held = book.codebook.variables.get(key)
    if held is None or held.kind is not Kind.ONE:
        raise EditionRefused(f"{key} is no variable of the codebook with one answer")
    if held.publish is Publish.NEVER:
        raise EditionRefused(f"{key} may never be published")
    absences = tuple(each.value for each in Absence)
    return Variable(key, (*(code.code for code in held.codes), *absences), absent=absences)


def _places(answers: Codes, n_codes: int) -> Counts:
    """Which code each answer is, absences after the codes."""
    seen, inverse = np.unique(answers, return_inverse=True)
    bits = [int(value).bit_length() - 1 for value in seen]
    places = [at if at < ABSENT_BIT else n_codes + at - ABSENT_BIT for at in bits]
    return np.asarray(np.array(places, dtype=np.int64)[inverse])


def files(made: Synthetic, years: Sequence[int]) -> dict[str, bytes]:
    """The persons, how far they are from the true tables, and what they are not."""
    return {
        "persons.csv": _persons(made),
        "utility.csv": _utility(made.errors),
        "datapackage.json": _descriptor(made, years),
        "README.txt": (_readme(made, years) + "\n").encode(),
    }


def _persons(made: Synthetic) -> bytes:
    keys = [one.key for one in made.variables]
    return _csv(keys, ([row[key] for key in keys] for row in made.rows()))


def _utility(errors: Sequence[Error]) -> bytes:
    rows = (
        [*each.variables, *[""] * (2 - len(each.variables)), each.largest, each.moved]
        for each in errors
    )
    return _csv(["variable", "other_variable", "largest_error_persons", "moved_share"], rows)


def _csv(header: list[str], rows: Iterator[list[object]] | Iterator[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def _descriptor(made: Synthetic, years: Sequence[int]) -> bytes:
    persons: list[dict[str, object]] = [
        {"name": one.key, "type": "string", "constraints": {"required": True, "enum": one.codes}}
        for one in made.variables
    ]
    utility: list[dict[str, object]] = [
        {"name": "variable", "type": "string"},
        {"name": "other_variable", "type": "string"},
        {"name": "largest_error_persons", "type": "integer"},
        {"name": "moved_share", "type": "number"},
    ]
    package = {
        "profile": "tabular-data-package",
        "name": f"havenlight-made-up-persons-{min(years)}-{max(years)}",
        "title": "Made-up persons",
        "description": WHAT_IT_IS_NOT,
        "epsilon": made.epsilon,
        "resources": [_resource("persons", persons), _resource("utility", utility)],
    }
    return (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()


def _resource(name: str, fields: list[dict[str, object]]) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\n"},
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _readme(made: Synthetic, years: Sequence[int]) -> str:
    spent = (
        f"Differential privacy: epsilon {made.epsilon:g} was spent on all tables of two variables, "
        f"by discrete Laplace noise of scale {made.scale:g} (OpenDP). Each further file of the "
        "same persons would spend as much again: make one, and keep it."
    )
    utility = (
        "utility.csv tells of each variable and each pair how far the file is from the true "
        "table: the largest error of a cell, rounded up to a multiple of 25 persons, and the share "
        "of persons who would have to change their cell. Those comparisons are outside epsilon, "
        "which is why they are told so roughly."
    )
    whom = f"Made-up persons, alike the victims first seen in {', '.join(map(str, sorted(years)))}."
    return "\n\n".join((whom, WHAT_IT_IS_NOT, spent, utility))
