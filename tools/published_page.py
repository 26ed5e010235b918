"""Writes docs/reference/published.md: published figures and control; --check compares."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.utils import translation  # noqa: E402 -- as above

from havenlight.figures.tabulation import Counts  # noqa: E402
from havenlight.report.edition import Edition  # noqa: E402
from havenlight.report.held_back import done  # noqa: E402
from havenlight.report.texts import printed, why  # noqa: E402
from tests.unit.figures import counting  # noqa: E402
from tests.unit.figures.test_truth import (  # noqa: E402
    NAMED_OTHERWISE,
    PUBLISHED,
    WITHOUT_DEFINITION,
)
from tests.unit.report import making  # noqa: E402

PAGE = Path(__file__).parent.parent / "docs/reference/published.md"
YEARS = (2019, 2020, 2021)

HEAD = """\
# Published figures, and what control makes of them

What was published of 2019 to 2021 (`tests/vectors/published-figures.csv`), as the definitions count
it in the simulated years, and what an edition of those years prints of it. Nobody in the simulated
years exists. `tests/unit/figures/test_truth.py` compares the third column with the second; the last
two are what an edition holds, and its report, page and `data/withheld.csv` say the same. Roundings
are drawn anew for each edition, so that another one may print the multiple of 5 beside.

This page is written by `make docs`.

| figure, year | as published | counted | printed | why not as counted |
| --- | --- | --- | --- | --- |
"""
WITHOUT = """
## Without a definition

| figure | what it is |
| --- | --- |
"""


def page() -> str:
    """The page, with the same bytes wherever it is made."""
    edition = making.simulated(*YEARS).edition
    with TemporaryDirectory() as directory:
        counts = counting.counted(Path(directory), *YEARS)
    rows = [
        _row(row, NAMED_OTHERWISE.get(row["figure"], row["figure"]), edition, counts)
        for row in PUBLISHED
        if row["figure"] not in WITHOUT_DEFINITION
    ]
    without = [f"| `{name}` | {said} |\n" for name, said in WITHOUT_DEFINITION.items()]
    return "".join([HEAD, *rows, WITHOUT, *without])


def _row(row: dict[str, str], name: str, edition: Edition, counts: Counts) -> str:
    year = int(row["year"])
    counted, told = _counted(counts, name, year), _printed(edition, name, year)
    return f"| `{name}` {year} | {row['as_published']} | {counted} | {told} |\n"


def _counted(counts: Counts, name: str, year: int) -> str:
    counted = counts[name, year]
    if name == "growth":
        return _growth(counted.base, counts[name, year - 1].base)
    if name == "reach":
        return _reach(str(counted.base), counted.base)
    if name not in counted.parts:
        return str(counted.base)
    part = counted.parts[name]
    return f"{part} of {counted.base} ({100 * part / counted.base:.1f}%)"


def _growth(now: int, before: int) -> str:
    return f"{now} after {before} ({100 * (now / before - 1):+.0f}%)"


def _reach(count: str, persons: int) -> str:
    estimate = counting.BOOK.externals["minor_girls"].estimate
    return f"{count} of an estimated {estimate:g} ({100 * persons / estimate:.0f}%)"


def _printed(edition: Edition, name: str, year: int) -> str:
    """What an edition says of it, and why that is not what was counted."""
    if name == "growth":
        victims = edition.figures["victims"].values
        return f"{_growth(victims[year].count or 0, victims[year - 1].count or 1)} | "
    value = edition.figures[name].values[year]
    reason = why(value) if value.reason else ""
    if value.shown == "withheld":
        return f"{done(value.shown, edition)} | {reason}"
    if name == "reach" and value.count is not None:
        return f"{_reach(printed(value), value.count)} | {reason}"
    share = f" of {value.base} ({value.share}%)" if value.share is not None else ""
    return f"{printed(value)}{share} | {reason}"


def main() -> None:
    """Write the page, or say with --check whether it would change."""
    with translation.override("en"):
        made = page()
    if "--check" not in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != made:
        sys.exit(f"{PAGE.name} is not what the simulated years say: run make docs")


if __name__ == "__main__":
    main()
