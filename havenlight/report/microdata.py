"""Made-up persons for researchers, alike the victims of pooled years, and what is said of them."""

import csv
import io
import json
from collections.abc import Iterator, Sequence

import numpy as np

from havenlight.casework.codebook import Absence
from havenlight.casework.codebook import Variable as Coded
from havenlight.disclosure.synthesis import WHAT_IT_IS_NOT, Error, Synthetic, synthesise
from havenlight.disclosure.tables import Counts, Variable
from havenlight.figures.columns import ABSENT_BIT, Codes, Registrations
from havenlight.figures.definitions import Book
from havenlight.report import recipes
from havenlight.report.budget import MOST_EPSILON, Sums
from havenlight.report.packages import README, UTILITY
from havenlight.report.recipes import Recipe


def made_up(book: Book, registrations: Registrations, recipe: Recipe) -> Synthetic:
    """As many made-up persons as there are victims in the recipe's years.

    The registrations must hold `recipes.wanted`. The four absences are codes like any other.
    Raises EditionRefused for a variable that may not be in it, TooFewPersons below 1,000 persons,
    ValueError for an epsilon that is refused.
    """
    recipes.check(recipe, book.codebook)
    variables = [_variable(book.codebook.variables[key]) for key in recipe.variables]
    there = np.isin(registrations.years, recipe.years)
    there &= registrations.all_of(book.populations[recipes.OF].where)
    columns = [
        _places(registrations.answers[one.key][there], len(one.codes) - len(Absence))
        for one in variables
    ]
    codes: Counts = np.stack(columns, axis=1)
    return synthesise(variables, codes, recipe.epsilon)


def _variable(held: Coded) -> Variable:
    absences = tuple(each.value for each in Absence)
    return Variable(held.key, (*(code.code for code in held.codes), *absences), absent=absences)


def _places(answers: Codes, n_codes: int) -> Counts:
    """Which code each answer is, absences after the codes."""
    seen, inverse = np.unique(answers, return_inverse=True)
    bits = [int(value).bit_length() - 1 for value in seen]
    places = [at if at < ABSENT_BIT else n_codes + at - ABSENT_BIT for at in bits]
    return np.asarray(np.array(places, dtype=np.int64)[inverse])


def files(made: Synthetic, recipe: Recipe, spent: Sums) -> dict[str, bytes]:
    """The persons, how far they are from the true tables, and what they are not.

    spent: what has been spent on the persons of each of its years, by all files, this one included.
    """
    return {
        "persons.csv": _persons(made),
        UTILITY: _utility(made.errors),
        "datapackage.json": _descriptor(made, recipe, spent),
        README: (_readme(made, recipe, spent) + "\n").encode(),
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


def _descriptor(made: Synthetic, recipe: Recipe, spent: Sums) -> bytes:
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
        "name": f"havenlight-made-up-persons-{min(recipe.years)}-{max(recipe.years)}",
        "title": "Made-up persons",
        "description": WHAT_IT_IS_NOT,
        "epsilon": made.epsilon,
        "epsilon_spent": {str(year): round(epsilon, 9) for year, epsilon in spent.items()},
        "simulated": recipe.simulated,
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


def _readme(made: Synthetic, recipe: Recipe, spent: Sums) -> str:
    sums = ", ".join(f"{epsilon:g} on those of {year}" for year, epsilon in spent.items())
    cost = (
        f"Differential privacy: epsilon {made.epsilon:g} was spent, a tenth on how many persons "
        f"there are, the rest on all tables of two variables, by discrete Laplace noise of scale "
        f"{made.scale:g} (OpenDP). Files of the same persons add up. With this one there was spent "
        f"in all: {sums}; {MOST_EPSILON:g} is the most. "
        "Epsilon counts these files alone: published tables are protected in another way."
    )
    utility = (
        "utility.csv tells of each variable and each pair how far the file is from the true "
        "table: the largest error of a cell, rounded up to a multiple of 25 persons, and the share "
        "of persons who would have to change their cell. Those comparisons are outside epsilon, "
        "which is why they are told so roughly."
    )
    whom = f"Made-up persons, alike the victims first seen in {', '.join(map(str, recipe.years))}."
    if recipe.simulated:
        whom += " Those victims are simulated too: nothing here is about a person."
    return "\n\n".join((whom, WHAT_IT_IS_NOT, cost, utility))
