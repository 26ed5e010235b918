"""Editions of made-up years, frozen once for all tests."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from havenlight.casework.codebook import Answers
from havenlight.disclosure import Rules
from havenlight.figures import reading, tabulation
from havenlight.report.freezing import About, Frozen, Published, freeze
from tests.unit.figures import counting

# Of known draws, so that what is rounded comes out alike.
ABOUT = About("Chat Voorbeeld", "112", "https://chat.example/", date(2022, 3, 1), Rules(seed=1))


@cache
def simulated(*years: int) -> Frozen:
    with TemporaryDirectory() as directory:
        there = counting.registrations(list(counting.simulated(*years)), Path(directory))
    return freeze(counting.BOOK, there, years[-1], ABOUT)


def of(
    rows: Iterable[Answers],
    directory: Path,
    published: Published | None = None,
    about: About = ABOUT,
) -> Frozen:
    path = counting.write(directory / "registrations.csv", list(rows))
    wanted = tabulation.wanted(counting.BOOK)
    there = reading.read(path, counting.CODEBOOK, wanted)
    return freeze(counting.BOOK, there, 2021, about, published)
