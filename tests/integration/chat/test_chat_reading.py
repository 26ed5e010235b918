"""Reading what is not one's own: who reads, for how long, and what the audit says of it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from havenlight.audit.models import Entry
from havenlight.chat import actions, handing_over, reading
from havenlight.chat.codes import ReadReason
from havenlight.chat.errors import NotAllowed, StepRefused
from havenlight.chat.models import Conversation, HandOver, Thread, Wrap
from havenlight.chat.states import By
from havenlight.team.codes import Role
from havenlight.team.models import Member

pytestmark = pytest.mark.django_db


def make_member(alias: str, role: Role = Role.COORDINATOR) -> Member:
    return Member.objects.create(email=f"{alias}@example.org", alias=alias, role=role)


def make_talk(anna: Member) -> Conversation:
    talk = Conversation.objects.create(
        id=uuid4(), thread=Thread.objects.create(), language="nl", epoch=1, tab_check=bytes(32)
    )
    Wrap.objects.create(conversation=talk, kind="team", sealed=bytes(113))
    actions.accept(talk, anna)
    talk.refresh_from_db()
    return talk


def lines() -> list[tuple[UUID | None, str, str]]:
    return list(Entry.objects.order_by("pk").values_list("member_id", "verb", "reason"))


def reader_of(talk: Conversation) -> Member | None:
    return Conversation.objects.get(pk=talk.pk).reader


def test_reading_along_is_audited_and_lapses_when_her_page_says_nothing_more() -> None:
    anna, ilse, now = make_member("Anna"), make_member("Ilse"), timezone.now()
    talk = make_talk(anna)
    reading.begin(talk, ilse, ReadReason.SAFETY, now)
    reading.go_on(talk.pk, ilse, now + timedelta(seconds=60))
    reading.close_lapsed(now + reading.LAPSES_AFTER + timedelta(seconds=30))
    assert reader_of(talk) == ilse
    reading.close_lapsed(now + reading.LAPSES_AFTER + timedelta(seconds=61))
    assert reader_of(talk) is None
    reading.stop(talk.pk, ilse)  # again is nothing
    assert lines()[1:] == [
        (ilse.pk, "began to read along", "safety"),
        (None, "stopped reading along", ""),
    ]
    with pytest.raises(NotAllowed):
        reading.go_on(talk.pk, ilse, now)


def test_nobody_reads_along_with_herself_or_where_a_colleague_reads() -> None:
    anna, ilse, now = make_member("Anna"), make_member("Ilse"), timezone.now()
    talk = make_talk(anna)
    with pytest.raises(StepRefused):
        reading.begin(talk, anna, ReadReason.TRAINING, now)
    reading.begin(talk, ilse, ReadReason.TRAINING, now)
    with pytest.raises(StepRefused):
        reading.begin(talk, make_member("Omar"), ReadReason.TRAINING, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.update(reader=anna)


def test_who_takes_a_conversation_over_no_longer_reads_along_with_it() -> None:
    anna, ilse, now = make_member("Anna"), make_member("Ilse"), timezone.now()
    talk = make_talk(anna)
    reading.begin(talk, ilse, ReadReason.SUPPORT, now)
    offer = HandOver.objects.create(conversation=talk, by=anna, to=ilse, reason="load")
    handing_over.take(offer, ilse)
    assert reader_of(talk) is None
    with pytest.raises(NotAllowed):
        reading.sides_of(talk.pk, ilse)


def test_what_has_ended_is_given_with_its_line_in_the_audit_and_not_before_it_ends() -> None:
    anna, ilse = make_member("Anna"), make_member("Ilse")
    talk = make_talk(anna)
    with pytest.raises(StepRefused):
        reading.open_closed(talk, ilse, ReadReason.COMPLAINT)
    actions.leave(talk.pk, By.VISITOR)
    talk.refresh_from_db()
    assert reading.open_closed(talk, ilse, ReadReason.COMPLAINT) == []
    assert lines()[-1] == (ilse.pk, "opened", "complaint")
    Wrap.objects.all().delete()
    with pytest.raises(NotAllowed):
        reading.answered_conversation(talk.pk)
