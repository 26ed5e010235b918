"""The order in which the queue should be answered, and how long the wait is."""

import json
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from havenlight.chat import queries
from havenlight.chat.models import Conversation, Thread
from havenlight.chat.states import State
from havenlight.live import board
from havenlight.team.codes import Role
from havenlight.team.models import Member
from tests.integration.live.wire import Wire

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANSWERS = (True, False, None)


def make_waiting(minute: int = 0, **answers: object) -> str:
    conversation = Conversation.objects.create(
        id=uuid4(),
        thread=Thread.objects.create(),
        language="nl",
        epoch=1,
        tab_check=bytes(32),
        started_at=NOON + timedelta(minutes=minute),
        **answers,
    )
    return conversation.pk.hex


def make_accepted(minutes_ago: float) -> None:
    moment = timezone.now() - timedelta(minutes=minutes_ago)
    anna, _ = Member.objects.get_or_create(
        email="anna@example.org", defaults={"alias": "Anna", "role": Role.COUNSELLOR}
    )
    conversation = Conversation.objects.get(pk=make_waiting())
    conversation.state = State.ACTIVE
    conversation.accepted_at = moment
    conversation.counsellor = anna
    conversation.save()


def queue() -> list[str]:
    return [row.conv for row in queries.waiting_conversations()]


def test_danger_goes_before_under_18_and_that_before_who_came_first() -> None:
    first = make_waiting(0)
    minor = make_waiting(1, under_18=True)
    danger = make_waiting(2, in_danger=True)
    both = make_waiting(3, in_danger=True, under_18=True)
    assert queue() == [both, danger, minor, first]


def test_a_skipped_question_stands_where_no_stands_and_never_behind_it() -> None:
    came = [
        make_waiting(minute, in_danger=danger, under_18=minor)
        for minute, (danger, minor) in enumerate(product((False, None), repeat=2))
    ]
    assert queue() == came


def test_for_whom_she_comes_does_not_move_her() -> None:
    came = [
        make_waiting(minute, for_whom=who) for minute, who in enumerate(("other", None, "self"))
    ]
    assert queue() == came


def test_among_equals_who_came_first_is_first_whatever_their_answers() -> None:
    later = {
        answers: make_waiting(9, in_danger=answers[0], under_18=answers[1])
        for answers in product(ANSWERS, repeat=2)
    }
    earlier = {
        answers: make_waiting(1, in_danger=answers[0], under_18=answers[1])
        for answers in product(ANSWERS, repeat=2)
    }
    order = queue()
    for answers, conv in earlier.items():
        assert order.index(conv) < order.index(later[answers])


def test_only_who_waits_is_in_the_queue() -> None:
    waiting = make_waiting()
    make_accepted(5)
    assert queue() == [waiting]


def test_of_many_who_wait_the_first_are_shown_and_the_others_counted() -> None:
    came = [make_waiting(minute) for minute in range(queries.QUEUE_SHOWN_MOST + 2)]
    assert queries.waiting_beyond() == 2
    danger = make_waiting(999, in_danger=True)
    assert queue() == [danger, *came[: queries.QUEUE_SHOWN_MOST - 1]]
    assert queries.waiting_beyond() == 3


def test_who_waits_for_a_certain_member_is_shown_to_her_however_far_behind() -> None:
    anna, bram = (
        Member.objects.create(email=f"{name}@example.org", alias=name, role=Role.COUNSELLOR)
        for name in ("anna", "bram")
    )
    wished_in_front = make_waiting(0, wish=bram)
    for minute in range(1, queries.QUEUE_SHOWN_MOST + 1):
        make_waiting(minute)
    wished_behind = make_waiting(999, wish=anna)
    to_all, by_member = board.queue_frames()
    assert by_member.keys() == {anna.pk.hex}
    for frame, last, more in ((to_all, None, 2), (by_member[anna.pk.hex], wished_behind, 1)):
        told = json.loads(frame.partition(b"data: ")[2])
        shown = [one["conv"] for one in told["waiting"]]
        assert shown[: queries.QUEUE_SHOWN_MOST] == queue()
        assert shown[queries.QUEUE_SHOWN_MOST :] == ([last] if last else [])
        assert (shown[0], told["more"]) == (wished_in_front, more)


def test_nothing_is_said_of_the_wait_before_enough_were_answered() -> None:
    conv = make_waiting()
    make_accepted(10)
    make_accepted(5)
    assert queries.wait_ranges() == {conv: None}


def test_the_wait_grows_with_the_place_and_follows_the_lately_accepted() -> None:
    for minutes_ago in (27, 18, 9, 1_000):
        make_accepted(minutes_ago)
    behind, ahead = make_waiting(5), make_waiting(6, in_danger=True)
    assert queries.wait_ranges() == {ahead: (3, 20), behind: (5, 45)}


def test_a_visitor_without_a_sign_of_life_is_shown_as_away() -> None:
    conv = make_waiting()
    Conversation.objects.filter(pk=conv).update(visitor_away=False)
    (row,) = queries.waiting_conversations()
    assert not row.away
    # Each process notes who is there at this pace; two notes may be missed.
    seen_at = timezone.now() - timedelta(seconds=2.5 * settings.PRESENCE_SECONDS + 1)
    Conversation.objects.filter(pk=conv).update(visitor_seen_at=seen_at)
    (row,) = queries.waiting_conversations()
    assert row.away


async def test_the_desk_is_shown_that_order_live(wire: Wire) -> None:
    hers = await (await wire.member()).open()
    minor, danger, both = [await wire.visitor() for _ in range(3)]
    # Each of them taps: of a queue that others left behind no more than its head is shown.
    await wire.post("/chat/taps", {"under_18": True}, token=minor.token)
    await wire.post("/chat/taps", {"in_danger": True}, token=danger.token)
    await wire.post("/chat/taps", {"in_danger": True, "under_18": True}, token=both.token)
    wanted = [both.conv, danger.conv, minor.conv]
    shown: list[str] = []
    while shown != wanted:
        waiting = (await hers.until("w"))["waiting"]
        shown = [one["conv"] for one in waiting if one["conv"] in wanted]
    await minor.post("leave", {"how": "exit"})
    while minor.conv in shown:
        waiting = (await hers.until("w"))["waiting"]
        shown = [one["conv"] for one in waiting if one["conv"] in wanted]
    assert shown == wanted[:2]
