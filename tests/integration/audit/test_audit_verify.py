"""`havenlight audit verify` on what was really written, by several at once and on both stores."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F

from havenlight.audit import actions, erasing, queries
from havenlight.audit.chain import START
from havenlight.audit.errors import ChainBroken, NotAPlace
from havenlight.audit.models import Entry, Head
from havenlight.team.codes import Role
from havenlight.team.models import Member
from tests.servers.installation import Installation

WRITERS, LINES = 2, 40

WRITE = f"""
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from havenlight.audit import actions
from havenlight.team.models import Member
member = Member.objects.first()
def write(number):
    actions.record(member.pk, "tried", member, str(number))
    connection.close()
with ThreadPoolExecutor(4) as pool:
    list(pool.map(write, range({LINES})))
"""


@pytest.fixture
def anna(db: None) -> Member:
    member = Member.objects.create(email="anna@example.org", alias="Anna", role=Role.COORDINATOR)
    for number in range(1, 6):
        actions.record(member.pk, "tried", member, f"reason {number}")
    return member


def verify(*noted: str) -> str:
    said = StringIO()
    call_command("audit", "verify", *(f"--noted={place}" for place in noted), stdout=said)
    return said.getvalue()


def test_what_was_written_is_whole_and_its_place_is_printed(anna: Member) -> None:
    said = verify()
    assert "5 lines, all as they were written" in said
    place = str(queries.head())
    assert place in said
    actions.record(None, "tried", anna)
    assert "6 lines" in verify(place)


def test_lines_that_were_forgotten_in_time_are_told_and_the_rest_still_checked(
    anna: Member,
) -> None:
    Entry.objects.all().delete()
    Head.objects.all().delete()
    for number in range(4):
        actions.record(anna.pk, "tried", anna, str(number))
    erasing.forget_before(Entry.objects.get(pk=3).at)
    said = verify()
    assert "3 lines, all as they were written" in said
    assert "the first 2 were forgotten" in said
    Entry.objects.filter(pk=3).delete()
    with pytest.raises(ChainBroken):
        verify()


def test_without_lines_there_is_nothing_to_find(db: None) -> None:
    assert "0 lines" in verify()
    assert queries.head() == START


@pytest.mark.parametrize(
    ("what", "break_it"),
    [
        ("line 3 .* is missing", lambda: Entry.objects.filter(pk=3).delete()),
        ("line 3 .* was changed", lambda: Entry.objects.filter(pk=3).update(reason="other")),
        ("line 3 .* was changed", lambda: Entry.objects.filter(pk=3).update(member=None)),
        (
            "line 3 .* was changed",
            lambda: Entry.objects.filter(pk=3).update(at=F("at") + timedelta(seconds=1)),
        ),
        ("line 5 .* cut off", lambda: Entry.objects.filter(pk=5).delete()),
        ("line 1 .* is missing", lambda: Entry.objects.filter(pk=1).delete()),
        ("line 6 .*", lambda: Head.objects.all().delete()),
    ],
)
def test_what_was_done_to_it_is_found(
    anna: Member, what: str, break_it: Callable[[], object]
) -> None:
    break_it()
    with pytest.raises(ChainBroken, match=what):
        verify()


def test_two_lines_that_changed_places_are_found(anna: Member) -> None:
    Entry.objects.filter(pk=2).update(id=99)
    Entry.objects.filter(pk=3).update(id=2)
    Entry.objects.filter(pk=99).update(id=3)
    with pytest.raises(ChainBroken, match="line 2"):
        verify()


def test_an_end_that_was_cut_with_its_head_is_found_by_the_noted_place(anna: Member) -> None:
    noted = str(queries.head())
    Entry.objects.filter(pk__gt=3).delete()
    Head.objects.update(number=3, hash=bytes(Entry.objects.get(pk=3).hash))
    assert "3 lines" in verify()
    with pytest.raises(ChainBroken, match="line 5 was noted"):
        verify(noted)


def test_a_noted_place_that_is_none_is_refused(anna: Member) -> None:
    for text in ("5", "5:abc", f"0:{'0' * 64}", f"x:{'0' * 64}"):
        with pytest.raises(NotAPlace, match="a colon"):
            verify(text)


def test_several_who_write_at_once_make_one_chain(installation: Installation) -> None:
    def write(_: int) -> str:
        return installation.run("shell", "-v0", "-c", WRITE)

    with ThreadPoolExecutor(WRITERS) as writing:
        list(writing.map(write, range(WRITERS)))
    assert int(installation.run("audit", "verify").split()[0]) >= WRITERS * LINES
