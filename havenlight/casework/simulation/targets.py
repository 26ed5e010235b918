"""How many persons of each kind a simulated year has, so that published shares come out.

Only the figures in tests/vectors/published-figures.csv are facts; a test compares each of them.
What was not published (all of 2018 but its total, and most counts beside the published ones) is
made up to be plausible. The unit of 2018 was not stated; it is taken to be visitors, 89% of them
victims as in 2019. Where a published share is of no whole number of victims, some answers are
unknown.
"""

from dataclasses import dataclass

from havenlight.casework.errors import SimulationRefused


@dataclass(frozen=True, slots=True)
class Known:
    """So many of those whose answer is known."""

    persons: int
    of: int


@dataclass(frozen=True, slots=True)
class Year:
    """Persons, unless it says otherwise."""

    year: int
    victims: int
    bystanders: int
    ages: tuple[int, ...]
    """Victims by AGES; the rest of them did not say."""
    girls: Known
    minor_girls: int
    sexual: Known
    criminal: int
    durations: tuple[int, ...]
    """Victims by DURATIONS; the rest of them did not say."""
    parents: Known
    several_perpetrators: int
    """Of those whose perpetrators are known."""
    still_going_on: Known
    first_disclosure: Known
    fathers_share: float
    """Of cases with a parent: fathers, alone or with the mother."""


AGES = ((9, 12), (13, 14), (15, 15), (16, 17), (18, 22), (23, 50))
"""Years, both ends included."""

DURATIONS = ((0, 5), (6, 12), (13, 24), (25, 59), (60, 144))
"""Months, both ends included."""

YEARS = {
    2018: Year(
        2018, victims=363, bystanders=45, ages=(11, 43, 42, 146, 79, 42),
        girls=Known(330, 357), minor_girls=222, sexual=Known(345, 360), criminal=12,
        durations=(78, 78, 60, 60, 54), parents=Known(24, 348), several_perpetrators=70,
        still_going_on=Known(240, 345), first_disclosure=Known(205, 340), fathers_share=0.5,
    ),
    2019: Year(
        2019, victims=266, bystanders=33, ages=(8, 31, 30, 107, 58, 30),
        girls=Known(240, 262), minor_girls=157, sexual=Known(265, 266), criminal=8,
        durations=(55, 57, 43, 45, 40), parents=Known(17, 255), several_perpetrators=51,
        still_going_on=Known(180, 255), first_disclosure=Known(150, 250), fathers_share=0.5,
    ),
    2020: Year(
        2020, victims=250, bystanders=33, ages=(6, 22, 22, 99, 66, 35),
        girls=Known(222, 240), minor_girls=138, sexual=Known(226, 247), criminal=10,
        durations=(52, 54, 44, 45, 35), parents=Known(35, 245), several_perpetrators=49,
        still_going_on=Known(175, 240), first_disclosure=Known(156, 240), fathers_share=0.5,
    ),
    2021: Year(
        2021, victims=285, bystanders=29, ages=(9, 45, 32, 92, 71, 36),
        girls=Known(254, 279), minor_girls=158, sexual=Known(250, 281), criminal=22,
        durations=(50, 55, 45, 45, 65), parents=Known(44, 275), several_perpetrators=60,
        still_going_on=Known(210, 280), first_disclosure=Known(175, 270), fathers_share=0.75,
    ),
}  # fmt: skip


def target(year: int) -> Year:
    """The counts of a year, or SimulationRefused."""
    if year not in YEARS:
        known = ", ".join(str(each) for each in YEARS)
        raise SimulationRefused(f"nothing was published of {year}; years that were: {known}")
    return YEARS[year]
