"""What the actions of chat promise, below the live part."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from havenlight.audit.models import Entry
from havenlight.chat import actions, answering, blocks, readable
from havenlight.chat.codes import BlockReason
from havenlight.chat.errors import AtCapacity, NotAllowed, NotOpen, StepRefused
from havenlight.chat.models import After, Block, Conversation, Message, Thread, Wrap
from havenlight.chat.states import By, State
from havenlight.team import duty
from havenlight.team.codes import Role, Standing
from havenlight.team.models import Member

pytestmark = pytest.mark.django_db


def make_member(alias: str = "Anna") -> Member:
    email = f"{alias.lower()}@example.org"
    return Member.objects.create(email=email, alias=alias, role=Role.COUNSELLOR)


def make_conversation(**values: object) -> Conversation:
    conversation = Conversation.objects.create(
        id=uuid4(),
        thread=Thread.objects.create(),
        language="nl",
        epoch=1,
        tab_check=bytes(32),
        **values,
    )
    for kind in ("team", "tab"):
        Wrap.objects.create(conversation=conversation, kind=kind, sealed=b"sealed")
    return conversation


def kinds(conversation: Conversation) -> set[str]:
    return set(Wrap.objects.filter(conversation=conversation).values_list("kind", flat=True))


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def lines() -> list[tuple[UUID | None, str]]:
    return list(Entry.objects.values_list("member_id", "verb"))


def test_who_has_enough_in_hand_gets_no_more_unless_it_is_danger() -> None:
    anna = make_member()
    Member.objects.update(capacity=2)
    anna.refresh_from_db()
    heavy = make_conversation()
    actions.accept(heavy, anna)
    answering.weigh(heavy, anna, 2)
    with pytest.raises(AtCapacity):
        actions.accept(waiting := make_conversation(), anna)
    assert fresh(waiting).state == State.WAITING
    actions.accept(make_conversation(in_danger=True), anna)
    assert duty.standing_of(anna) == Standing.ON


def test_what_ended_keeps_its_place_until_it_is_finished() -> None:
    anna = make_member()
    Member.objects.update(capacity=1)
    anna.refresh_from_db()
    actions.accept(first := make_conversation(), anna)
    with pytest.raises(StepRefused):
        answering.finish(fresh(first), anna)
    actions.leave(first.pk, By.VISITOR)
    with pytest.raises(AtCapacity):
        actions.accept(make_conversation(), anna)
    answering.finish(fresh(first), anna)
    actions.accept(make_conversation(), anna)
    assert [verb for _, verb in lines()] == ["accepted", "finished", "accepted"]


def test_a_blocked_thread_cannot_come_back_until_then_or_until_the_block_is_lifted() -> None:
    anna = make_member()
    actions.accept(conversation := make_conversation(), anna)
    answering.block(fresh(conversation), anna, BlockReason.THREATS, 24)
    assert fresh(conversation).state == State.ENDED
    thread, now = conversation.thread, timezone.now()
    with pytest.raises(NotOpen):
        blocks.check_not_blocked(thread, now)
    blocks.check_not_blocked(thread, now + timedelta(hours=25))
    coordinator = make_member("Coordinator")
    answering.review_block(conversation.pk, coordinator, now, upheld=True)
    # The first review counts.
    answering.review_block(conversation.pk, coordinator, now, upheld=False)
    with pytest.raises(NotOpen):
        blocks.check_not_blocked(thread, now)
    assert readable.talk(conversation.pk).is_blocked
    Block.objects.update(upheld=False)
    blocks.check_not_blocked(thread, now)
    assert not readable.talk(conversation.pk).is_blocked


def test_accept_lets_only_the_first_counsellor_through_and_writes_one_line() -> None:
    anna, bram, waiting = make_member(), make_member("Bram"), make_conversation()
    seen_by_both = fresh(waiting)
    actions.accept(waiting, anna)
    with pytest.raises(StepRefused) as refused:
        actions.accept(seen_by_both, bram)
    assert refused.value.current == State.ACTIVE
    assert fresh(waiting).counsellor == anna
    assert lines() == [(anna.pk, "accepted")]


def test_what_is_closed_is_not_accepted() -> None:
    anna, waiting = make_member(), make_conversation()
    actions.leave(waiting.pk, By.EXIT)
    with pytest.raises(StepRefused):
        actions.accept(fresh(waiting), anna)
    assert fresh(waiting).state == State.ABANDONED


@pytest.mark.parametrize("by", [By.VISITOR, By.EXIT])
def test_a_visitor_s_leaving_closes_destroys_the_tab_s_half_and_names_nobody(by: By) -> None:
    anna, conversation = make_member(), make_conversation()
    actions.accept(conversation, anna)
    actions.leave(conversation.pk, by)
    closed = fresh(conversation)
    assert (closed.state, closed.ended_by) == (State.ENDED, by)
    assert kinds(conversation) == {"team"}
    assert lines() == [(anna.pk, "accepted")]


def test_only_the_member_whose_conversation_it_is_may_end_it() -> None:
    anna, bram, conversation = make_member(), make_member("Bram"), make_conversation()
    actions.accept(conversation, anna)
    for stranger in (bram.pk, None):
        with pytest.raises(NotAllowed):
            actions.leave(conversation.pk, By.MEMBER, stranger)
    actions.leave(conversation.pk, By.MEMBER, anna.pk)
    assert fresh(conversation).ended_by == By.MEMBER
    assert lines() == [(anna.pk, "accepted"), (anna.pk, "ended")]


def test_leaving_twice_keeps_the_first_reason() -> None:
    conversation = make_conversation()
    actions.leave(conversation.pk, By.VISITOR)
    first = fresh(conversation)
    actions.leave(conversation.pk, By.EXIT)
    again = fresh(conversation)
    assert (again.ended_by, again.ended_at) == (By.VISITOR, first.ended_at)


def test_what_does_not_exist_cannot_be_left() -> None:
    with pytest.raises(NotAllowed):
        actions.leave(uuid4(), By.EXIT)


@pytest.mark.parametrize(
    ("is_active", "away_seconds", "state", "halves"),
    [
        (False, 299, State.WAITING, {"team", "tab"}),
        (False, 301, State.ABANDONED, {"team"}),
        (True, 301, State.ACTIVE, {"team", "tab"}),
        (True, 1_799, State.ACTIVE, {"team", "tab"}),
        (True, 1_801, State.ENDED, {"team"}),
    ],
)
def test_grace_is_counted_from_when_she_was_last_there(
    is_active: bool, away_seconds: int, state: State, halves: set[str]
) -> None:
    conversation, now = make_conversation(), timezone.now()
    if is_active:
        actions.accept(conversation, make_member())
    seen_at = now - timedelta(seconds=away_seconds)
    Conversation.objects.filter(pk=conversation.pk).update(visitor_seen_at=seen_at)
    closed = actions.close_by_grace(now)
    assert closed == (state not in {State.WAITING, State.ACTIVE})
    after = fresh(conversation)
    assert after.state == state
    assert after.ended_by == (By.GRACE if closed else None)
    assert kinds(conversation) == halves


def test_a_clock_set_back_closes_nobody() -> None:
    make_conversation()
    assert actions.close_by_grace(timezone.now() - timedelta(days=365)) == 0


@pytest.mark.parametrize(
    "values",
    [
        {"state": State.ACTIVE, "accepted_at": timezone.now()},
        {"state": State.ENDED},
        {"state": State.WAITING, "ended_at": timezone.now(), "ended_by": By.EXIT},
        {"state": State.ENDED, "ended_at": timezone.now()},
        {"visitor_read": 1},
        {"member_read": 1, "last_seq": 0},
    ],
)
def test_the_database_refuses_what_cannot_be(values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_conversation(**values)


def test_the_database_keeps_a_message_once_and_a_wrap_of_a_kind_once() -> None:
    conversation = make_conversation()
    said = {
        "conversation": conversation,
        "message_id": uuid4(),
        "sender": "v",
        "said_at": timezone.now(),
        "envelope": b"sealed",
    }
    Message.objects.create(seq=1, n=1, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(seq=2, n=2, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wrap.objects.create(conversation=conversation, kind="team", sealed=b"another")


def test_one_answer_after_the_chat_leaves_the_other_as_it_was() -> None:
    anna = make_member()
    ended = make_conversation(
        state=State.ENDED,
        counsellor=anna,
        accepted_at=timezone.now(),
        ended_at=timezone.now(),
        ended_by=By.MEMBER,
    )
    actions.tell_after(ended.pk, {"helped": "yes"})
    actions.tell_after(ended.pk, {"come_back": "maybe"})
    kept = After.objects.get()
    assert (kept.helped, kept.come_back) == ("yes", "maybe")
    with pytest.raises(NotAllowed):
        actions.tell_after(make_conversation().pk, {"helped": "no"})
