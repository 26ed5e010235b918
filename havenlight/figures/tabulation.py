"""Counts by definition, before disclosure control: nothing here may leave as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from havenlight.casework.codebook import Absence
from havenlight.figures.columns import Mask, Registrations
from havenlight.figures.definitions import Book, Definition, Kind, Treated, Unit
from havenlight.figures.errors import NothingToCount, OtherCodebook


@dataclass(frozen=True, slots=True)
class Counted:
    """One figure of one year: persons, or contacts where the unit says so.

    `population` is all whom the question concerns, `base` those of them whose answer is known, and
    `absent` the rest by reason; `parts` are the numerators, by key.
    """

    figure: str
    year: int
    population: int
    base: int
    absent: Mapping[Absence, int]
    parts: Mapping[str, int]

    def share(self, part: str) -> float | None:
        """A part of the base, 0 to 1; None when nobody's answer is known."""
        return self.parts[part] / self.base if self.base else None


Counts = Mapping[tuple[str, int], Counted]
"""Every figure of every year, by id and year."""


def wanted(book: Book) -> tuple[str, ...]:
    """The variables that the definitions read."""
    return tuple(dict.fromkeys(key for each in book.figures.values() for key in each.variables))


def tabulate(
    book: Book, registrations: Registrations, years: Iterable[int]
) -> dict[tuple[str, int], Counted]:
    """Count every figure that can be counted in each of `years`.

    A figure on contacts is left out when nobody counted them, and how many contacts there were
    also when it is not known of one person.
    Raises NothingToCount for a year without a registration, OtherCodebook when the definitions
    are not those of the registrations' codebook.
    """
    if book.codebook.version != registrations.codebook.version:
        raise OtherCodebook(book.codebook.version, registrations.codebook.version)
    made: dict[tuple[str, int], Counted] = {}
    for year in years:
        there = registrations.years == year
        if not there.any():
            raise NothingToCount(year)
        for figure in book.figures.values():
            counted = count(figure, registrations, there, year)
            if counted is not None:
                made[figure.id, year] = counted
    return made


def count(
    figure: Definition, registrations: Registrations, there: Mask, year: int
) -> Counted | None:
    """One figure among those who are `there`; None when its contacts were not counted."""
    if figure.on_contacts and registrations.contacts is None:
        return None
    absent, of, base = _absences(figure, registrations, _concerned(figure, registrations, there))
    if figure.population.unit is Unit.CONTACTS:
        size = registrations.contacts_of(of)
        return None if size is None else Counted(figure.id, year, size, size, {}, {})
    parts = {
        part.key: int(np.count_nonzero(base & registrations.all_of(part.when)))
        for part in figure.parts
    }
    return Counted(
        figure.id, year, int(np.count_nonzero(of)), int(np.count_nonzero(base)), absent, parts
    )


def in_base(figure: Definition, registrations: Registrations, there: Mask) -> tuple[Mask, Mask]:
    """Whom the question concerns, and of them who is in the base."""
    _, of, base = _absences(figure, registrations, _concerned(figure, registrations, there))
    return of, base


def _concerned(figure: Definition, registrations: Registrations, there: Mask) -> Mask:
    of = there & registrations.all_of(figure.population.where)
    return of & registrations.all_of(figure.within)


def _absences(
    figure: Definition, registrations: Registrations, of: Mask
) -> tuple[dict[Absence, int], Mask, Mask]:
    """How many are absent by reason, whom the question concerns, and who is in the base."""
    base = of.copy()
    counted = dict.fromkeys(Absence, 0)
    for variable in figure.asked:
        for absence in Absence:
            here = base & registrations.absent(variable, absence)
            treated = figure.absences[absence]
            if treated is Treated.NO:
                continue
            base &= ~here
            if treated is Treated.OUTSIDE:
                of = of & ~here
            else:
                counted[absence] += int(np.count_nonzero(here))
    return {key: number for key, number in counted.items() if number}, of, base


def years_of(figure: Definition, year: int) -> tuple[int, ...]:
    """The years that a figure of `year` is made from."""
    if figure.kind is Kind.TOTAL:
        return tuple(range(year - figure.years + 1, year + 1))
    return (year - 1, year) if figure.kind is Kind.GROWTH else (year,)
