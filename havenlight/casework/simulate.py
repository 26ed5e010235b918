"""One simulated year: who came, how often, and the registration of each case."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from havenlight.casework.answers import finished
from havenlight.casework.codebook import Answers, Codebook, Complete
from havenlight.casework.simulation.draws import Draw
from havenlight.casework.simulation.rest import around, bystander, contact, other_contact
from havenlight.casework.simulation.targets import Year, target
from havenlight.casework.simulation.victims import Person, make_victims


@dataclass(frozen=True, slots=True)
class Case:
    """A made-up person over a year: the days of contact, and the registration of the first."""

    name: str
    contacted_on: tuple[date, ...]
    answers: Complete


def simulate(year: int, seed: int, codebook: Codebook) -> tuple[Case, ...]:
    """The cases first seen in `year`; the same year and seed give the same cases.

    Raises SimulationRefused for a year of which nothing was published.
    """
    counts = target(year)
    draw = Draw(f"{year}-{seed}")
    people = sorted(_people(draw, counts), key=_first_day)
    return tuple(
        _case(draw, f"S{year}-{number:04}", person, codebook)
        for number, person in enumerate(people, start=1)
    )


def _people(draw: Draw, counts: Year) -> Iterator[Person]:
    for victim in make_victims(draw, counts):
        person = victim | contact(draw, counts.year, "victim")
        around(draw, person)
        yield person
    for _ in range(counts.bystanders):
        role = draw.one({"friend": 5, "parent": 3, "professional": 1, "other": 1})
        person = bystander(draw) | contact(draw, counts.year, role)
        around(draw, person)
        yield person
    # As many again come with something else; how many did was not published.
    for _ in range(counts.victims + counts.bystanders):
        yield other_contact(draw, counts.year)


def _first_day(person: Person) -> str:
    return str(person["contacted_on"])


def _case(draw: Draw, name: str, person: Person, codebook: Codebook) -> Case:
    answers = finished(codebook, person)
    first = answers["contacted_on"]
    assert isinstance(first, date)  # noqa: S101 -- `contact` gives every person a day
    return Case(name, tuple(_days(draw, first, answers)), answers)


def _days(draw: Draw, first: date, answers: Answers) -> Iterator[date]:
    yield first
    day = first
    comes_back = 0.45 if answers["return_agreed"] == "yes" else 0.1
    while draw.chance(comes_back):
        day += timedelta(days=draw.between(1, 21))
        if day.year != first.year:
            return
        yield day
