"""Quarterly notes: few figures, told with the year they are part of, compared when published."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from havenlight.casework.persons import is_victim
from havenlight.disclosure import Ledger, Rules
from havenlight.disclosure.errors import TableRefused
from havenlight.figures.columns import Registrations
from havenlight.figures.errors import NothingToCount
from havenlight.report.edition import Edition, quarter_key
from havenlight.report.freezing import About, Frozen, Published, freeze
from havenlight.report.quarters import freeze_quarter
from havenlight.report.rendering import html, outputs
from tests.unit.figures import counting
from tests.unit.report import making

ABOUT = About("Chat Voorbeeld", "112", "https://chat.example/", making.ABOUT.data_on, Rules(seed=1))


@cache
def registrations() -> Registrations:
    with TemporaryDirectory() as directory:
        return counting.registrations(list(counting.simulated(2021)), Path(directory))


@cache
def note(quarter: int) -> Frozen:
    """A quarter of 2021, told after the report on 2021 and the quarters before it."""
    before = [note(each) for each in range(1, quarter)]
    ledger = before[-1].ledger if before else making.simulated(2021).ledger
    published = Published(ledger, tuple(each.edition for each in before))
    return freeze_quarter(counting.BOOK, registrations(), (2021, quarter), ABOUT, published)


def count(edition: Edition, quarter: int) -> int:
    return edition.figures["visitors"].values[quarter_key(2021, quarter)].count or 0


def test_a_quarter_is_told_after_the_year_and_shows_the_quarter_before() -> None:
    second = note(2).edition
    assert second.years == (20211, 20212)
    assert 0 < count(second, 1) + count(second, 2) < 314
    page = html(second, "nl", outputs(2)[0])
    assert "april tot en met juni 2021" in page
    assert "januari tot en met maart 2021" in page
    assert "112" in page
    assert "Heb je hulp nodig" in page


def test_a_note_is_rounded_so_that_its_year_is_exact_though_somebody_was_marked_since(
    tmp_path: Path,
) -> None:
    note = freeze_quarter(counting.BOOK, registrations(), (2021, 1), ABOUT, Published())
    for figure in note.edition.figures.values():
        rows = [row.value for each in figure.rows.values() for row in each]
        for value in (*figure.values.values(), *rows):
            assert value.shown in {"rounded", "withheld"}, figure.id
    page = html(note.edition, "en", outputs(1)[0])
    assert "Victims in this quarter: about" in page
    assert "All counts are rounded to multiples of 5" in page
    cases = list(counting.simulated(2021))
    late = next(
        each for each in cases if is_victim(each.answers) and each.contacted_on[0].month < 4
    )
    there = counting.registrations([*cases, replace(late, name="late")], tmp_path)
    frozen = freeze(counting.BOOK, there, 2021, ABOUT, Published(note.ledger))
    assert frozen.edition.figures["victims"].values[2021].exactly == 286
    alone = freeze(counting.BOOK, there, 2021, ABOUT).edition.withheld
    assert len(frozen.edition.withheld) == len(alone)


def test_a_year_is_told_though_an_exact_note_no_longer_fits() -> None:
    told = Ledger().with_count("2021q1/visitors", "visitors-2021q1", 68, 68)
    ledger = freeze(counting.BOOK, registrations(), 2021, ABOUT, Published(told)).ledger
    assert {"visitors-2021q1", "visitors-2021r2"} <= ledger.populations()
    # Under whatever name persons are counted: an edition that is there is corrected or stands.
    with pytest.raises(TableRefused, match="is there already"):
        freeze(counting.BOOK, registrations(), 2021, ABOUT, Published(ledger))


def test_no_count_of_a_quarter_is_small() -> None:
    for figure in note(2).edition.figures.values():
        rows = [row.value for each in figure.rows.values() for row in each]
        for value in (*figure.values.values(), *rows):
            assert value.count is None or value.count == 0 or value.count >= 5


def test_a_note_is_read_back_as_it_was() -> None:
    text = note(2).edition.to_json()
    assert Edition.from_json(text).to_json() == text


def test_a_quarter_without_anybody_is_refused() -> None:
    with pytest.raises(NothingToCount):
        freeze_quarter(counting.BOOK, registrations(), (1999, 1), ABOUT, Published(Ledger()))
