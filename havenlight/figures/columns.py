"""Registrations as arrays, one for each variable, so that a million of them count in a moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from havenlight.casework.codebook import Absence, Codebook, Kind, Variable
from havenlight.figures.definitions import CONTACTS, DERIVED, MONTH, Condition, Conditions

Mask: TypeAlias = NDArray[np.bool_]
Codes: TypeAlias = NDArray[np.int64]

ABSENT_BIT = 48
NOT_COUNTED = -1
_ABSENCES = {absence.value: index for index, absence in enumerate(Absence)}


class Cells(dict[str, int]):
    """What the cell of one variable stands for: bits for codes, or a number; each is parsed once.

    An absence is a bit of its own far above all codes, so that no number and no code is ever taken
    for one.
    """

    def __init__(self, variable: Variable) -> None:
        """Begin with the four absences."""
        super().__init__(
            {absence: 1 << (ABSENT_BIT + index) for absence, index in _ABSENCES.items()}
        )
        self._variable = variable
        self._bits = {code.code: 1 << place for place, code in enumerate(variable.codes)}

    def __missing__(self, cell: str) -> int:
        """Parse a cell that was not seen before; ValueError when it is outside the codebook."""
        self[cell] = value = self._parsed(cell)
        return value

    def _parsed(self, cell: str) -> int:
        kind = self._variable.kind
        if kind in {Kind.NUMBER, Kind.MONTHS}:
            return _number(self._variable, cell)
        if kind is Kind.KEY:
            return 1 << (ABSENT_BIT - 1)
        if kind is Kind.DATE:
            return date.fromisoformat(cell).toordinal()
        words = cell.split(" ") if kind is Kind.SEVERAL else [cell]
        if len(set(words)) < len(words) or any(word not in self._bits for word in words):
            raise ValueError(cell)
        return sum(self._bits[word] for word in words)


def _number(variable: Variable, cell: str) -> int:
    if not (cell.isascii() and cell.isdecimal()):
        raise ValueError(cell)
    number = int(cell)
    if variable.at_least is None or variable.at_most is None:
        return number
    if not variable.at_least <= number <= variable.at_most:
        raise ValueError(cell)
    return number


@dataclass(frozen=True, slots=True)
class Registrations:
    """The coded facts of persons, each once; arrays are as long as there are persons.

    `years` and `months` are those of the first contact; `contacts` the number of contacts within
    that year, NOT_COUNTED where nobody knows it, and None when nobody counted at all. `versions`
    are the codebooks the facts were coded under, by year. `cases` are those that stand for the
    persons, in the same order; none of persons from a file.
    """

    codebook: Codebook
    years: NDArray[np.int16]
    months: NDArray[np.int8]
    contacts: NDArray[np.int32] | None
    answers: Mapping[str, Codes]
    versions: Mapping[int, tuple[str, ...]]
    simulated: bool
    cases: tuple[UUID, ...] = ()

    def __len__(self) -> int:
        """How many persons."""
        return len(self.years)

    def all_of(self, conditions: Conditions) -> Mask:
        """For whom all of these hold."""
        made = np.ones(len(self), dtype=bool)
        for condition in conditions:
            made &= self._holds(condition)
        return made

    def known(self, variable: str) -> Mask:
        """For whom the variable has an answer."""
        made: Mask
        if variable == MONTH:
            made = np.ones(len(self), dtype=bool)
        elif variable == CONTACTS:
            # Who came into view was there once at least: none at all is as good as not counted.
            made = self._numbers(CONTACTS) > 0
        else:
            made = self.answers[variable] < (1 << ABSENT_BIT)
        return made

    def contacts_of(self, persons: Mask) -> int | None:
        """How many contacts these persons had together, or None when it is not known of one."""
        if self.contacts is None or np.any(self.contacts[persons] == NOT_COUNTED):
            return None
        return int(self.contacts[persons].sum())

    def absent(self, variable: str, absence: Absence) -> Mask:
        """For whom the answer is that absence."""
        if variable in DERIVED:
            if absence is Absence.UNKNOWN:
                return ~self.known(variable)
            return np.zeros(len(self), dtype=bool)
        bit = 1 << (ABSENT_BIT + _ABSENCES[absence])
        made: Mask = self.answers[variable] == bit
        return made

    def _holds(self, condition: Condition) -> Mask:
        if condition.codes:
            return self._has_codes(condition)
        values = self._numbers(condition.variable)
        made = self.known(condition.variable)
        if condition.at_least is not None:
            made &= values >= condition.at_least
        if condition.below is not None:
            made &= values < condition.below
        return made

    def _numbers(self, variable: str) -> NDArray[np.integer]:
        if variable == MONTH:
            return self.months
        if variable == CONTACTS:
            if self.contacts is None:
                return np.full(len(self), NOT_COUNTED, np.int32)
            return self.contacts
        return self.answers[variable]

    def _has_codes(self, condition: Condition) -> Mask:
        places = {
            code.code: 1 << place
            for place, code in enumerate(self.codebook.variables[condition.variable].codes)
        }
        values = self.answers[condition.variable]
        made = self.known(condition.variable)
        if condition.any_of:
            made &= (values & sum(places[code] for code in condition.any_of)) != 0
        if condition.none_of:
            made &= (values & sum(places[code] for code in condition.none_of)) == 0
        if condition.all_of:
            wanted = sum(places[code] for code in condition.all_of)
            made &= (values & wanted) == wanted
        return made


def versions_by_year(years: Iterable[int], versions: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """The codebooks of each year, in order of name."""
    seen: dict[int, set[str]] = {}
    for year, version in set(zip(years, versions, strict=True)):
        seen.setdefault(year, set()).add(version)
    return {year: tuple(sorted(books)) for year, books in sorted(seen.items())}
