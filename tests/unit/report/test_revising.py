"""Marks made after an edition froze: told in batches by a later report, and never one by one."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from django.utils import translation

from havenlight.disclosure import Ledger, Rules, Shown, Table, audit
from havenlight.report import opendata
from havenlight.report.documents import Maker
from havenlight.report.edition import Edition
from havenlight.report.freezing import Frozen, Published
from havenlight.report.linking import protected
from havenlight.report.revising import Change
from tests.unit.figures.counting import victim
from tests.unit.report import making

NONE = Change(33, 0, 0)


def later(
    before: Frozen, victims: Change, bystanders: Change = NONE, revision: int = 1, data: int = 1
) -> Frozen:
    """The report on 2021 after the one on 2020, with what changed of 2020 since."""
    changes = {(2020, "victims"): victims, (2020, "bystanders"): bystanders}
    published = Published(before.ledger, (before.edition,), changes)
    about = replace(
        making.ABOUT, revision=revision, data_on=date(2022, 3, data), rules=Rules(seed=revision)
    )
    with TemporaryDirectory() as directory:
        return making.of([victim()] * 60, Path(directory), published, about)


def totals(frozen: Frozen) -> dict[str, int]:
    assert frozen.edition.revisions is not None
    return {each.figure: each.count for each in frozen.edition.revisions.totals}


@cache
def revised() -> Frozen:
    """Seven came late, and two bystanders, who wait."""
    return later(making.simulated(2020), Change(250, 7, 0), Change(33, 2, 0))


@pytest.mark.parametrize(
    ("added", "back", "said"),
    [
        (0, 0, None), (4, 0, None), (5, 0, 255), (8, 0, 258), (0, 4, None), (0, 5, 245),
        (8, 3, None), (12, 5, 257), (8, 6, None), (3, 3, None),
    ],
)  # fmt: skip
def test_a_total_is_revised_by_a_batch_alone(added: int, back: int, said: int | None) -> None:
    frozen = later(making.simulated(2020), Change(250, added, back))
    assert totals(frozen) == ({"victims": said, "visitors": said + 33} if said else {})
    assert frozen.edition.figures["victims"].values[2020].count == 250
    assert frozen.edition.figures["growth"].values[2021].base == (said or 250)
    assert audit(frozen.ledger).safe


def test_who_waits_leaves_no_trace() -> None:
    few, none = (later(making.simulated(2020), Change(250, n, 0)) for n in (4, 0))
    assert (few.edition, few.ledger) == (none.edition, none.ledger)
    with translation.override("en"):
        told = str(Maker(none.edition, "en").method())
    assert "revised only by 5 persons or more" in told


def test_each_part_of_the_visitors_waits_for_itself() -> None:
    assert totals(revised()) == {"visitors": 290, "victims": 257}
    moved = later(making.simulated(2020), Change(250, 7, 0), Change(33, 0, 7))
    assert totals(moved) == {"victims": 257}
    alone = later(making.simulated(2020), Change(250, 1, 0), Change(33, 6, 0))
    assert totals(alone) == {"visitors": 289}


def test_what_was_revised_stays_so_and_is_revised_again_beside_all_before() -> None:
    first = revised()
    still = later(first, Change(257, 4, 0), Change(33, 4, 0), revision=2, data=2)
    assert still.edition.revisions == first.edition.revisions
    again = later(first, Change(257, 5, 0), Change(33, 6, 0), revision=2, data=2)
    assert totals(again) == {"visitors": 301, "victims": 262}
    assert audit(again.ledger).safe
    # Reckoned from anything but what readers know last, it would be told wrongly.
    assert later(first, Change(250, 12, 0), revision=2).edition.revisions == replace(
        first.edition.revisions, years=()
    )


def test_a_later_count_of_the_year_cannot_be_taken_from_its_revision() -> None:
    for persons, shown in ((258, Shown.ROUNDED), (263, Shown.EXACT), (256, Shown.ROUNDED)):
        table = Table("2020r2/victims", "victims-2020r2", (), np.array(persons))
        made = protected([table], Rules(seed=1), revised().ledger)
        assert made.tables[0].cells[0].shown is shown
    assert not any("late" in part for link in revised().ledger.links for part in link.parts)


def test_counts_of_a_file_are_compared_where_the_ledger_knows_the_year(tmp_path: Path) -> None:
    before = making.simulated(2020)
    friend = victim(contacted_on=date(2020, 5, 5), role="friend")
    rows = [victim(contacted_on=date(2020, 5, 5))] * 256 + [friend] * 33 + [victim()] * 60
    known = making.of(rows, tmp_path, Published(before.ledger, (before.edition,)))
    assert totals(known) == {"visitors": 289, "victims": 256}
    alone = making.of(rows, tmp_path, Published(Ledger(), (before.edition,)))
    assert alone.edition.revisions is None


def test_report_and_data_say_what_was_published_and_what_is_known_since() -> None:
    edition = revised().edition
    assert Edition.from_json(edition.to_json()) == edition
    with translation.override("nl"):
        maker = Maker(edition, "nl")
        assert "van 257 (herzien) in 2020" in maker.tell.growth("victims")
        report = str(maker.report())
        assert "('2020', 'Slachtoffers', '250', '257', '1 maart 2022')" in report
        assert "('2020', '290 (herzien)', '257 (herzien)', '–')" in report
    rows = csv.DictReader(io.StringIO(opendata.figures_csv(edition)))
    told = {row["part"]: row["count"] for row in rows
            if (row["figure"], row["year"]) == ("victims", "2020")}  # fmt: skip
    assert told == {"": "250", "revised": "257"}
    (victims,) = (each for each in json.loads(opendata.json_stat(edition))["link"]["item"]
                  if each["href"] == "#victims")  # fmt: skip
    assert victims["value"] == [250, 60, 257, None]


def test_an_edition_from_before_has_no_word_of_it() -> None:
    edition = making.simulated(2020).edition
    assert '"revisions"' not in edition.to_json()
    assert "revised" not in opendata.figures_csv(edition) + opendata.descriptor(edition)
