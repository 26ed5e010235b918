"""Each clock erases its own, in time and not before; what is due is told first."""

from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.audit import erasing as audit_lines
from havenlight.audit import queries as audit_queries
from havenlight.audit.errors import ChainBroken
from havenlight.audit.models import Entry
from havenlight.casework.models import Case, Registration
from havenlight.chat import erasing as chat
from havenlight.chat import queries
from havenlight.chat.models import Conversation, Message, Note, Thread, Wrap
from havenlight.core.seal.encoding import b64
from havenlight.referral.models import IncomingReferral, Recipient, Referral
from havenlight.retention import actions, checks
from havenlight.retention.clocks import Clock
from havenlight.team.codes import Role
from havenlight.team.models import Member, Organisation

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(autouse=True)
def _installation(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ERASURE_LEDGER = tmp_path / "ledger"
    Organisation.objects.create(name="Havenlight", signing_key=bytes(65))
    # A test is one transaction, in which no database can rewrite its files; the command is tested.
    monkeypatch.setattr(actions, "purge", list)


def make_conversation(ago: timedelta, **fields: object) -> Conversation:
    at = NOW - ago
    made = Conversation.objects.create(
        **{
            "id": uuid4(),
            "thread": Thread.objects.create(),
            "language": "nl",
            "epoch": 1,
            "tab_check": b"c" * 32,
            "state": "abandoned",
            "started_at": at,
            "ended_at": at,
            "ended_by": "grace",
            **fields,
        }
    )
    Wrap.objects.create(conversation=made, kind="team", sealed=bytes(113))
    Message.objects.create(
        conversation=made, seq=1, message_id=uuid4(), sender="v", n=1, said_at=at, envelope=b"e"
    )
    return made


def erased(now: datetime = NOW) -> dict[Clock, int]:
    told = {due.clock: due.count for due in actions.preview(now)}
    done = {due.clock: due.count for due in actions.erase_due(now)}
    assert told == done
    return {clock: count for clock, count in done.items() if count}


def test_a_transcript_goes_with_its_code_and_its_times_to_the_second() -> None:
    old, recent = make_conversation(timedelta(days=91)), make_conversation(timedelta(days=89))
    Wrap.objects.create(conversation=old, kind="code", sealed=bytes(60))
    Thread.objects.filter(pk=old.thread_id).update(code_check=bytes(32))
    assert erased() == {Clock.TRANSCRIPT: 1}
    assert list(Wrap.objects.values_list("conversation", flat=True)) == [recent.pk]
    assert list(Message.objects.values_list("conversation", flat=True)) == [recent.pk]
    old.refresh_from_db()
    assert (old.started_at.second, bytes(old.tab_check)) == (0, bytes(32))
    assert old.thread.code_check is None
    assert erased() == {}


def test_a_check_tells_when_nothing_erases() -> None:
    def said() -> list[str | None]:
        return [one.id for one in checks.check_erasing(None, ["default"])]

    make_conversation(timedelta(days=91))
    assert said() == []
    make_conversation(timedelta(days=93))
    assert said() == ["havenlight.W004"]
    actions.erase_due(NOW)
    assert said() == []


def test_who_still_talks_is_left_alone() -> None:
    talking = make_conversation(timedelta(days=400), state="waiting", ended_at=None, ended_by=None)
    assert actions.erase_conversations([talking.pk], "by hand") == 0
    chat.erase([talking.pk])
    assert erased() == {}
    assert Wrap.objects.filter(conversation=talking).exists()


def test_notes_about_a_visitor_go_before_her_transcript_but_not_while_she_comes_back() -> None:
    by = Member.objects.create(alias="Anna", email="anna@example.org", role=Role.COUNSELLOR)
    gone, back = make_conversation(timedelta(days=31)), make_conversation(timedelta(days=31))
    make_conversation(timedelta(days=2), thread=back.thread)
    for one in (gone, back):
        Note.objects.create(id=uuid4(), thread=one.thread, author=by, epoch=1, sealed=b"n")
    assert erased() == {Clock.NOTES: 1}
    assert list(Note.objects.values_list("thread", flat=True)) == [back.thread_id]
    assert Wrap.objects.count() == 3


def test_what_a_visitor_erased_leaves_the_desk_it_was_at() -> None:
    anna = Member.objects.create(alias="Anna", email="anna@example.org", role=Role.COUNSELLOR)
    gone, left = (
        make_conversation(timedelta(hours=1), state="ended", counsellor=anna, accepted_at=NOW)
        for _ in range(2)
    )
    chat.erase([gone.pk])
    assert [row.conv for row, _ in queries.conversations_in_hand(anna)] == [left.pk.hex]


def test_a_visitor_erases_all_that_her_code_opens() -> None:
    mine, other = make_conversation(timedelta(days=1)), make_conversation(timedelta(days=1))
    for one, lookup in ((mine, b"l" * 32), (other, b"m" * 32)):
        Wrap.objects.create(conversation=one, kind="code", sealed=bytes(60))
        Thread.objects.filter(pk=one.thread_id).update(code_check=sha256(lookup).digest())
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    client = Client(headers={"Origin": settings.ORIGINS[0]})
    answers = [
        client.post("/erase/mine", {"lookup": b64(code * 32)}, content_type="application/json")
        for code in (b"?", b"l", b"l")
    ]
    assert [answer.status_code for answer in answers] == [404, 204, 404]
    assert set(Wrap.objects.values_list("conversation", flat=True)) == {other.pk}


def test_no_referral_tells_of_which_erased_conversation_it_was() -> None:
    anna = Member.objects.create(alias="Anna", email="anna@example.org", role=Role.COUNSELLOR)
    gone, left = (
        make_conversation(timedelta(days=1), state="ended", counsellor=anna, accepted_at=NOW)
        for _ in range(2)
    )
    to = Recipient.objects.create(name="Shelter", kind="shelter")
    for one in (gone, left):
        Referral.objects.create(id=uuid4(), recipient=to, conversation=one, member=anna)
    assert actions.erase_conversations([gone.pk], "by hand") == 1
    told = set(Referral.objects.values_list("conversation", flat=True))
    assert told == {None, left.pk}


@pytest.mark.parametrize("role", Role)
def test_what_goes_soon_is_shown_to_who_settles_the_periods(role: Role) -> None:
    make_conversation(timedelta(days=85))
    make_conversation(timedelta(days=200))
    member = Member.objects.create(alias="Ilse", email="ilse@example.org", role=role)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    client = Client()
    client.force_login(member)
    answer = client.get("/erase/preview")
    if role in {Role.COORDINATOR, Role.ADMINISTRATOR}:
        assert answer.context["rows"][0]["counts"] == [1, 2, 2]
    else:
        assert answer.status_code == HTTPStatus.FORBIDDEN


def test_registrations_and_contacts_have_clocks_of_their_own() -> None:
    for days, simulated in ((1827, False), (1827, True), (1, False)):
        case = Case.objects.create(simulated=simulated)
        Registration.objects.create(
            case=case, codebook="2026-1", answers={}, simulated=simulated,
            finished_at=NOW - timedelta(days=days),
        )  # fmt: skip
    sender = Recipient.objects.create(name="Jeugdteam", kind="care")
    for days in (61, 1):
        IncomingReferral.objects.create(
            id=uuid4(), sender=sender, epoch=1, sealed=b"s", received_at=NOW - timedelta(days=days)
        )
    assert erased() == {Clock.CONTACT: 1, Clock.REGISTRATION: 1}
    assert (Registration.objects.count(), Case.objects.count()) == (2, 2)
    assert IncomingReferral.objects.count() == 1


def test_the_audit_forgets_its_oldest_lines_and_still_holds() -> None:
    organisation = Organisation.objects.get()
    for verb in ("first", "second", "third"):
        audit.record(None, verb, organisation)
    noted = audit_queries.head()
    assert audit_lines.forget_before(timezone.now()) == 3
    assert [row.verb for row in audit_queries.rows(limit=9)] == ["forgot"]
    audit.record(None, "fourth", organisation)
    audit_queries.check([noted])
    Entry.objects.order_by("pk")[:1].get().delete()
    with pytest.raises(ChainBroken):
        audit_queries.check([])
