"""What a file of made-up persons is made by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from havenlight.casework.codebook import Codebook, Kind, Publish, Variable
from havenlight.figures.definitions import Book
from havenlight.report.budget import Spent
from havenlight.report.errors import EditionRefused

VARIABLES = (
    *("age_band", "gender", "still_going_on"),
    *("duration_band", "perpetrators", "first_disclosure"),
)
"""What a file holds unless other variables are asked for: noise grows with the number of pairs."""

OF = "victims"
"""The population whose persons it is alike."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Years, variables, cost, whose persons: the same recipe never needs a second file."""

    years: tuple[int, ...]
    variables: tuple[str, ...]
    epsilon: float
    simulated: bool

    @classmethod
    def of(cls, held: Mapping[str, Any]) -> Self:
        """A recipe from its fields, as JSON gives them."""
        years, variables = tuple(held["years"]), tuple(held["variables"])
        return cls(years, variables, held["epsilon"], simulated=held["simulated"])

    @property
    def spent(self) -> Spent:
        """What it costs."""
        return Spent(self.years, self.epsilon)


def allowed(codebook: Codebook) -> Iterator[Variable]:
    """The variables that may be in a file: one answer each, and it may be published."""
    for variable in codebook.variables.values():
        if variable.kind is Kind.ONE and variable.publish is not Publish.NEVER:
            yield variable


def check(recipe: Recipe, codebook: Codebook) -> None:
    """Raise EditionRefused unless there are two variables or more, each once, that all may be."""
    keys = recipe.variables
    if len(set(keys)) < max(len(keys), 2):
        raise EditionRefused("give two variables or more, each once")
    may = {variable.key for variable in allowed(codebook)}
    if strange := [key for key in keys if key not in may]:
        raise EditionRefused(
            f"{strange[0]} is no variable of the codebook with one answer that may be published"
        )


def wanted(book: Book, recipe: Recipe) -> tuple[str, ...]:
    """The variables that are read for it: its own, and those that tell whose it is."""
    whose = (each.variable for each in book.populations[OF].where)
    return tuple(dict.fromkeys((*whose, *recipe.variables)))
