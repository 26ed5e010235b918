"""A codebook that changes in the middle of a year leaves the year's figures right, and is told."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from havenlight.casework import actions, registrations, versions
from havenlight.figures import defining, from_cases, tabulation
from havenlight.figures.errors import OtherCodebook
from havenlight.report.freezing import of_codebooks
from havenlight.team.models import Member

pytestmark = pytest.mark.django_db

HERS = {
    "contact_kind": "help",
    "role": "victim",
    "help_question": ["trafficking"],
    "gender": "female",
    "age": 16,
}
MAP = """
[variables.recruitment_place]
to = "recruitment_place"
codes = { street = "neighbourhood", school = "unknown" }
"""


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The first codebook, and one of July: a code was renamed, another split in two."""
    first = versions.SHIPPED.joinpath("2026-1.toml").read_text(encoding="utf-8")
    second = (
        first.replace('version = "2026-1"', 'version = "2026-2"')
        .replace("valid_from = 2026-01-01", "valid_from = 2026-07-01")
        .replace('code = "street", nl', 'code = "neighbourhood", nl')
        .replace(
            '{ code = "school", nl = "Op of bij school", en = "At or near school"',
            '{ code = "at_school", nl = "Op school", en = "At school", merge = "other" },'
            '{ code = "near_school", nl = "Bij school", en = "Near school"',
        )
    )
    hashes = []
    for version, text in (("2026-1", first), ("2026-2", second)):
        (tmp_path / f"{version}.toml").write_text(text, encoding="utf-8")
        hashes.append(f'{version} = "{versions.fingerprint(text.encode())}"')
    (tmp_path / versions.PUBLISHED).write_text("\n".join(["[sha256]", *hashes]))
    (tmp_path / "2026-1--2026-2.toml").write_text(MAP)
    monkeypatch.setattr(versions, "SHIPPED", tmp_path)
    registrations.forget_books()
    yield
    registrations.forget_books()


def register(version: str, day: date, **answers: Any) -> None:
    """Someone who came for the first time on that day, under the codebook of then."""
    coded = actions.Coded(registrations.book(version), HERS | answers)
    by, _ = Member.objects.get_or_create(email="anna@example.org", alias="Anna")
    actions.register(actions.meet(day), None, coded, by)


@pytest.mark.usefixtures("both")
def test_a_code_that_changes_in_july_leaves_the_years_figures_right(tmp_path: Path) -> None:
    assert versions.check_published() == ("2026-1", "2026-2")
    spring, autumn = date(2026, 3, 1), date(2026, 9, 1)
    for place in ("street", "street", "school", "work"):
        register("2026-1", spring, recruitment_place=place)
    for place in ("neighbourhood", "near_school", "work"):
        register("2026-2", autumn, recruitment_place=place)
    # The definitions ask for nothing that the second codebook changes.
    figures = tmp_path / "figures"
    figures.mkdir()
    defined = defining.SHIPPED.joinpath("2026-1.toml").read_text(encoding="utf-8")
    defined = defined.replace('codebook = "2026-1"', 'codebook = "2026-2"')
    (figures / "2026-2.toml").write_text(defined, encoding="utf-8")
    shutil.copy(str(defining.SHIPPED / defining.EXTERNALS), figures)
    book = defining.book(versions.newest(), figures)
    wanted = (*tabulation.wanted(book), "recruitment_place")
    read = from_cases.read(versions.newest(), wanted, [2026], simulated=False)
    places = read.answers["recruitment_place"].tolist()
    cells = from_cases.Cells(versions.newest().variables["recruitment_place"])
    told = {code: places.count(cells[code]) for code in ("neighbourhood", "work", "near_school")}
    # What was renamed is one row; of what was split the older answer is unknown, not guessed.
    assert told == {"neighbourhood": 3, "work": 2, "near_school": 1}
    assert places.count(cells["unknown"]) == 1
    counted = tabulation.tabulate(book, read, [2026])
    assert counted["victims", 2026].base == 7
    assert read.versions == {2026: ("2026-1", "2026-2")}
    (note,) = of_codebooks(read.versions, [2026])
    assert note.text.in_language("en").startswith("The codebook changed in this year (2026-1 + ")
    with pytest.raises(OtherCodebook, match=r"under codebook 2026-1, .* read under 2026-2"):
        tabulation.tabulate(replace(book, codebook=registrations.book("2026-1")), read, [2026])
    with pytest.raises(defining.DefinitionsRefused, match=r"2026-2\.toml.* is missing in"):
        defining.newest()
