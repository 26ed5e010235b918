"""Who was marked after an edition froze: known by person, told by the next report in a batch."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from havenlight.casework import actions as casework
from havenlight.casework import erasing, versions
from havenlight.casework.answers import finished
from havenlight.casework.codes import Confidence, Reason
from havenlight.casework.models import Case, Registration
from havenlight.casework.taking_in import NewCase, NewContact, write
from havenlight.disclosure import Ledger
from havenlight.report import actions, asking, building, queries
from havenlight.report.asking import Wanted
from havenlight.report.edition import Edition
from havenlight.report.models import Tallied
from havenlight.report.revising import Change
from havenlight.team.codes import Role
from tests.integration.report.editions import make_member, signed_in

pytestmark = pytest.mark.django_db

BOOK = versions.newest()
MARKED = {"contact_kind": "help", "help_question": ("trafficking",)}


def came(year: int, persons: int, role: str = "victim") -> None:
    day = date(year, 5, 5)
    answers = finished(BOOK, {**MARKED, "contacted_on": day, "role": role})
    each = NewCase((NewContact(day, 1),), answers)
    write([each] * persons, BOOK, simulated=True, by=None)


@pytest.fixture
def built(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Builds the report on a year from the database, on top of those that were built before."""
    settings.DATA_DIR = tmp_path
    make_member(Role.RESEARCHER)
    monkeypatch.setattr(building, "files", lambda edition, _: {"edition.json": edition.to_json()
                                                               .encode()})  # fmt: skip
    there: list[str] = []

    def build(year: int) -> Edition:
        out = tmp_path / str(year)
        earlier = [word for each in there for word in ("--earlier", each)]
        call_command("report", "build", "--year", str(year), "--database", "--out", str(out),
                     *earlier)  # fmt: skip
        there.append(str(out))
        return Edition.from_json((out / "edition.json").read_text("utf-8"))

    return build


def test_who_was_added_and_taken_back_is_known_and_who_was_erased_stays_counted(built: Any) -> None:
    came(2020, 60)
    came(2020, 6, "friend")
    built(2020)
    counted = list(Tallied.objects.filter(tally__part="victims").values_list("case", flat=True))
    assert len(counted) == 60
    # Seven come late, three are erased, one objects, and two turn out to be one.
    came(2020, 7)
    came(2021, 60)
    erasing.erase(Registration.objects.filter(case__in=counted[:3]).values_list("pk", flat=True))
    casework.object_to(Registration.objects.get(case=counted[3]).contact_id, timezone.now())
    one, other = (Case.objects.get(pk=case) for case in counted[4:6])
    member = make_member(Role.COUNSELLOR)
    casework.merge(one, other, Reason.SAID_SO, Confidence.CERTAIN, member)
    asked = asking.for_build(Wanted(2021, 0))
    assert asking.changes(asked.persons)[2020, "victims"] == Change(60, 7, 2)
    assert b'"changes": [[2020, "victims", 60, 7, 2], [2020, "bystanders", 6, 0, 0]]' in asked.asked


def test_a_batch_is_taken_up_once_and_only_coordinators_see_what_waits(built: Any) -> None:
    came(2020, 60)
    built(2020)
    came(2020, 6)
    came(2021, 60)
    edition = built(2021)
    assert edition.figures["growth"].values[2021].base == 66
    came(2020, 2)
    researcher = make_member(Role.RESEARCHER)
    draft = actions.Built(2021, 0, edition.to_json(), Ledger().to_json())
    stored = actions.keep_draft(draft, researcher, queries.known())
    pages = {
        role: signed_in(make_member(role)).get(f"/report/editions/{stored.pk.hex}").content.decode()
        for role in (Role.RESEARCHER, Role.COORDINATOR)
    }
    for role, page in pages.items():
        assert "<td>66</td>" in page
        assert ("2 marked late, 0 taken back" in page) is (role is Role.COORDINATOR)
