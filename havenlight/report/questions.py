"""Questions of researchers: two variables among those who fit a filter."""

from collections.abc import Iterator
from dataclasses import dataclass

from havenlight.casework.codebook import Codebook, Kind, Publish, Variable
from havenlight.report.errors import QuestionRefused

POPULATIONS = ("victims", "visitors", "bystanders")


@dataclass(frozen=True, slots=True)
class Asked:
    """Two axes and a filter, each written `variable` or `variable.code`; a filter names a code.

    An axis with a code asks yes or no of it: what somebody may have several of is asked so.
    """

    year: int
    population: str
    rows: str
    columns: str
    only: str = ""

    def canonical(self) -> "Asked":
        """The same question in the one way it is kept: the same answer however it is turned."""
        first, second = sorted((self.rows, self.columns))
        return Asked(self.year, self.population, first, second, self.only)

    def key(self) -> str:
        """Names its table for good."""
        name = f"explorer/{self.year}/{self.population}/{self.rows}*{self.columns}"
        return f"{name}/{self.only}" if self.only else name


def axes(codebook: Codebook) -> Iterator[tuple[Variable, str, str]]:
    """What may be an axis: the variable, the name of the axis, and the code it asks of, if any."""
    for variable in _published(codebook):
        if variable.kind is Kind.SEVERAL:
            for code in variable.codes:
                yield variable, f"{variable.key}.{code.code}", code.code
        else:
            yield variable, variable.key, ""


def filters(codebook: Codebook) -> Iterator[tuple[Variable, str, str]]:
    """What may be a filter, in the same form."""
    for variable in _published(codebook):
        for code in variable.codes:
            yield variable, f"{variable.key}.{code.code}", code.code


def _published(codebook: Codebook) -> Iterator[Variable]:
    for variable in codebook.variables.values():
        if variable.codes and variable.publish is not Publish.NEVER:
            yield variable


def check(asked: Asked, codebook: Codebook) -> None:
    """Raise QuestionRefused unless the codebook knows all of it, and it asks two things."""
    known = {name for _, name, _ in axes(codebook)}
    cuts = {name for _, name, _ in filters(codebook)}
    variables = [name.partition(".")[0] for name in (asked.rows, asked.columns, asked.only)]
    if asked.population not in POPULATIONS or not {asked.rows, asked.columns} <= known:
        raise QuestionRefused("unknown")
    if asked.only and asked.only not in cuts:
        raise QuestionRefused("unknown")
    if asked.rows == asked.columns or asked.only in {asked.rows, asked.columns}:
        raise QuestionRefused("same")
    if asked.only and variables[2] in {
        key for key in variables[:2] if codebook.variables[key].kind is not Kind.SEVERAL
    }:
        raise QuestionRefused("same")
