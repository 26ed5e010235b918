"""Messages that are left, and times that are agreed on: what the clock and a return do to them."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from havenlight.chat import access, actions, agreeing, erasing, grace, queries, returning
from havenlight.chat.actions import Start
from havenlight.chat.errors import NotAllowed, NotOpen
from havenlight.chat.models import Conversation, Thread, Wrap
from havenlight.chat.returning import Return
from havenlight.chat.states import By, State
from havenlight.team.codes import Role
from havenlight.team.helpline_models import OpeningHours
from havenlight.team.models import Epoch, Member
from tests.integration.organisation import make_organisation

pytestmark = pytest.mark.django_db

LOOKUP, WRAP, TAB = bytes(32), bytes(60), bytes(32)


def begin(back: Return | None = None, *, is_letter: bool = True) -> Conversation:
    make_organisation()
    Epoch.objects.get_or_create(number=1, defaults={"public": bytes(65), "manifest": "x"})
    conv = uuid4()
    actions.start(Start(conv, 1, bytes(113), TAB, bytes(32), "nl", back, is_letter=is_letter))
    return Conversation.objects.get(pk=conv)


def write(letter: Conversation) -> None:
    """As if the writer had kept one message."""
    Conversation.objects.filter(pk=letter.pk).update(last_seq=1)


def state(conversation: Conversation) -> str:
    return Conversation.objects.get(pk=conversation.pk).state


def anna() -> Member:
    given = {"alias": "Anna", "role": Role.COUNSELLOR}
    return Member.objects.get_or_create(email="anna@example.org", defaults=given)[0]


def test_leaving_keeps_what_was_written_and_lets_no_tab_go_on_with_it() -> None:
    letter = begin()
    write(letter)
    actions.leave(letter.pk, By.EXIT)
    assert state(letter) == State.LEFT
    assert [row.conv for row in queries.letters()] == [letter.pk.hex]
    with pytest.raises(NotAllowed):
        access.conversation_for_tab(letter.pk, TAB)


def test_a_letter_with_nothing_in_it_is_none() -> None:
    letter = begin()
    assert queries.letters() == []
    actions.leave(letter.pk, By.VISITOR)
    assert state(letter) == State.ABANDONED


def test_nobody_waits_for_a_letter_and_a_letter_waits_for_nobody() -> None:
    letter = begin()
    assert queries.waiting_conversations() == []
    write(letter)
    actions.accept(letter, anna())
    assert state(letter) == State.ACTIVE


@pytest.mark.parametrize(
    ("away", "left", "answered", "stays"),
    [
        (timedelta(hours=1), timedelta(days=13), None, True),
        (timedelta(hours=1), timedelta(days=15), None, False),
        (timedelta(days=3), timedelta(days=3), timedelta(hours=11), True),
        (timedelta(days=3), timedelta(days=3), timedelta(hours=13), False),
        # She came back and talks: a talk like any other, though her tab is still open.
        (timedelta(minutes=1), timedelta(days=3), timedelta(hours=13), True),
    ],
)
def test_a_letter_stays_open_for_as_long_as_it_can_be_answered(
    away: timedelta, left: timedelta, answered: timedelta | None, stays: bool
) -> None:
    letter, now = begin(), timezone.now()
    write(letter)
    if answered:
        actions.accept(letter, anna())
        Conversation.objects.filter(pk=letter.pk).update(accepted_at=now - answered)
    Conversation.objects.filter(pk=letter.pk).update(
        visitor_seen_at=now - away, started_at=now - left
    )
    before = state(letter)
    actions.close_by_grace(now)
    assert (state(letter) == before) == stays
    has_half = Wrap.objects.filter(conversation=letter, kind="tab").exists()
    assert has_half == (stays and before == State.ACTIVE)
    assert timedelta(days=1) > grace.ANSWER_WITHIN


def test_who_comes_back_ends_a_talk_that_was_open_and_no_letter() -> None:
    letter = begin()
    write(letter)
    returning.take_code(letter.pk, LOOKUP, WRAP)
    back = Return(LOOKUP, WRAP, wish=False)
    talk = begin(back, is_letter=False)
    assert (state(letter), state(talk)) == (State.LEFT, State.WAITING)
    actions.accept(letter, anna())
    begin(back)
    assert (state(letter), state(talk)) == (State.ACTIVE, State.ABANDONED)
    begin(back, is_letter=False)
    assert state(letter) == State.ENDED


def test_who_erases_her_chats_erases_the_letter_that_nobody_answered() -> None:
    letter = begin()
    write(letter)
    returning.take_code(letter.pk, LOOKUP, WRAP)
    assert erasing.closed_conversations_of(letter.thread) == []
    actions.withdraw_letters(letter.thread)
    erasing.erase(erasing.closed_conversations_of(letter.thread))
    assert state(letter) == State.ABANDONED
    assert not Wrap.objects.filter(conversation=letter).exists()


def test_only_times_within_the_hours_can_be_agreed_on() -> None:
    talk = begin(is_letter=False)
    day = timezone.now().astimezone(UTC) + timedelta(days=2)
    OpeningHours.objects.create(weekday=day.weekday(), opens_at=time(19), closes_at=time(22))
    slots = agreeing.slots(timezone.now())
    assert slots
    agreeing.agree(talk, anna(), slots[0])
    with pytest.raises(NotOpen):
        agreeing.agree(talk, anna(), slots[-1] + timedelta(hours=2))
    [row] = agreeing.agreed_around(slots[0] - timedelta(hours=1))
    assert (row.alias, row.here, row.at) == ("Anna", True, int(slots[0].timestamp()) // 60)
    assert agreeing.agreed_around(slots[0] - timedelta(days=1)) == []
    assert returning.agreed_at(talk.pk) == row.at


def test_an_agreed_time_goes_with_the_code_and_with_the_day() -> None:
    talk = begin(is_letter=False)
    at = datetime.now(UTC) - timedelta(hours=30)
    for forget in (
        lambda: returning.give_up_code(talk.pk),
        lambda: agreeing.forget_passed(timezone.now()),
        lambda: agreeing.take_back(talk, anna()),
    ):
        Thread.objects.update(agreed_at=at, agreed_with=anna())
        forget()
        assert Thread.objects.get().agreed_at is None
