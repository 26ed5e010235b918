"""The simulated years, counted once by the shipped definitions; and single registrations."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from havenlight.casework import versions
from havenlight.casework.answers import finished
from havenlight.casework.codebook import Answers
from havenlight.casework.simulate import Case, simulate
from havenlight.casework.simulation import tables
from havenlight.figures import defining, reading, tabulation
from havenlight.figures.columns import Registrations
from havenlight.figures.tabulation import Counted

BOOK = defining.newest()
CODEBOOK = versions.newest()
HEADER = (*tables.CASE_FIELDS, *CODEBOOK.variables)


def registrations(
    cases: list[Case], directory: Path, wanted: tuple[str, ...] = ()
) -> Registrations:
    """As they are read from a file, in the variables that figures read unless others are named."""
    tables.write(directory, cases, CODEBOOK, 1)
    wanted = wanted or tabulation.wanted(BOOK)
    return reading.read(directory / "registrations.csv", CODEBOOK, wanted)


@cache
def simulated(*years: int) -> tuple[Case, ...]:
    return tuple(case for year in years for case in simulate(year, 1, CODEBOOK))


def counted(directory: Path, *years: int) -> Mapping[tuple[str, int], Counted]:
    there = registrations(list(simulated(*years)), directory)
    return tabulation.tabulate(BOOK, there, years)


def victim(**answers: object) -> Answers:
    """A finished registration of a victim, with what matters to a test."""
    given = {"contacted_on": date(2021, 5, 5), "contact_kind": "help", "role": "victim"}
    return finished(CODEBOOK, {**given, "help_question": ("trafficking",), **answers})  # type: ignore[arg-type]


def write(path: Path, rows: list[Answers], codebook: str = CODEBOOK.version) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number, row in enumerate(rows):
            cells = [_cell(row[key]) for key in CODEBOOK.variables]
            writer.writerow(["no", f"C{number}", codebook, *cells])
    return path


def _cell(answer: object) -> str:
    return " ".join(answer) if isinstance(answer, tuple) else str(answer)
