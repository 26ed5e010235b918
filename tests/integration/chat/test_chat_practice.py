"""Practice is practice from its first moment: last in the queue, in no pace, and limited."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from havenlight.chat import actions, answered, practice, queries
from havenlight.chat.errors import NotAllowed, TooMuchPractice
from havenlight.chat.models import Conversation, Practice
from havenlight.team.codes import Role
from havenlight.team.models import Epoch, Member
from tests.integration.organisation import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Member:
    make_organisation()
    Epoch.objects.create(number=1, public=bytes(65), manifest="x")
    return Member.objects.create(email="anna@example.org", alias="Anna", role=Role.COUNSELLOR)


def begin(conversation_id: UUID) -> Conversation:
    actions.start(actions.Start(conversation_id, 1, b"wrap", bytes(32), b"half", "nl"))
    return Conversation.objects.get(pk=conversation_id)


def test_only_what_was_planned_is_practice(anna: Member) -> None:
    assert begin(practice.plan(anna, "sweet_boy")).is_practice
    assert not begin(uuid4()).is_practice


def test_practice_waits_behind_whoever_needs_help_and_is_marked_there(anna: Member) -> None:
    training = begin(practice.plan(anna, "acute_danger"))
    Conversation.objects.filter(pk=training.pk).update(in_danger=True, under_18=True)
    real = begin(uuid4())
    waiting = queries.waiting_conversations()
    assert [(row.conv, row.practice) for row in waiting] == [
        (real.pk.hex, False),
        (training.pk.hex, True),
    ]


def test_practice_says_nothing_about_how_long_visitors_wait(anna: Member) -> None:
    now = timezone.now()
    for minutes in range(4):
        one = begin(uuid4())
        Conversation.objects.filter(pk=one.pk).update(
            state="active",
            counsellor=anna,
            accepted_at=now - timedelta(minutes=minutes),
            is_practice=True,
        )
    waiting = begin(uuid4())
    assert queries.wait_ranges() == {waiting.pk.hex: None}


def test_a_member_has_so_many_at_once(anna: Member) -> None:
    planned = [practice.plan(anna, "sweet_boy") for _ in range(practice.AT_ONCE)]
    with pytest.raises(TooMuchPractice):
        practice.plan(anna, "sweet_boy")
    begin(planned[0])
    with pytest.raises(TooMuchPractice):
        practice.plan(anna, "sweet_boy")
    actions.leave(planned[0], actions.By.VISITOR)
    practice.plan(anna, "sweet_boy")


def test_one_that_never_began_keeps_no_place(anna: Member) -> None:
    for _ in range(practice.AT_ONCE):
        practice.plan(anna, "sweet_boy")
    Practice.objects.update(made_at=timezone.now() - timedelta(minutes=3))
    practice.plan(anna, "sweet_boy")


def test_who_answers_nobody_does_not_practise(anna: Member) -> None:
    anna.role = Role.RESEARCHER
    with pytest.raises(NotAllowed):
        practice.plan(anna, "sweet_boy")


def test_practice_is_nothing_to_register(anna: Member) -> None:
    for conversation_id in (practice.plan(anna, "sweet_boy"), uuid4()):
        actions.accept(begin(conversation_id), anna)
    since = timezone.now() - timedelta(hours=1)
    (row,) = answered.conversations_answered_by(anna, since)
    training = Conversation.objects.get(is_practice=True)
    assert row.id != training.pk
    with pytest.raises(NotAllowed):
        answered.conversation_answered_by(anna, training.pk)
