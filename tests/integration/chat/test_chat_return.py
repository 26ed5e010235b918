"""What the way back promises: one thread, one code, few guesses."""

from hashlib import sha256
from uuid import uuid4

import pytest
from django.conf import Settings
from django.utils import timezone

from havenlight.chat import actions, queries, returning
from havenlight.chat.actions import Start
from havenlight.chat.errors import IdReused, NotAllowed, TooManyGuesses
from havenlight.chat.models import Conversation, Guesses, Thread, Wrap
from havenlight.chat.returning import Return
from havenlight.chat.states import By, State
from havenlight.team.codes import Role
from havenlight.team.models import Epoch, Member
from tests.integration.organisation import make_organisation

pytestmark = pytest.mark.django_db

LOOKUP, OTHER_LOOKUP = bytes(32), b"\x01" * 32
WRAP = bytes(60)


def begin(back: Return | None = None) -> Conversation:
    make_organisation()
    Epoch.objects.get_or_create(number=1, defaults={"public": bytes(65), "manifest": "x"})
    conv = uuid4()
    actions.start(Start(conv, 1, bytes(113), bytes(32), bytes(32), "nl", back))
    return Conversation.objects.get(pk=conv)


def answered_by(alias: str, conversation: Conversation) -> Member:
    email = f"{alias.lower()}@example.org"
    member = Member.objects.create(email=email, alias=alias, role=Role.COUNSELLOR)
    Conversation.objects.filter(pk=conversation.pk).update(
        state=State.ACTIVE, counsellor=member, accepted_at=timezone.now()
    )
    return member


def code_wraps(thread: Thread) -> int:
    return Wrap.objects.filter(conversation__thread=thread, kind="code").count()


def test_the_lookup_id_itself_is_not_kept() -> None:
    conversation = begin()
    returning.take_code(conversation.pk, LOOKUP, WRAP)
    kept = Thread.objects.get().code_check
    assert kept is not None
    assert bytes(kept) == sha256(LOOKUP).digest()


def test_a_return_continues_the_thread_and_ends_what_was_open_there() -> None:
    first = begin()
    anna = answered_by("Anna", first)
    returning.take_code(first.pk, LOOKUP, WRAP)
    again = begin(Return(LOOKUP, WRAP, wish=True))
    assert again.thread_id == first.thread_id
    assert (again.returning, again.wish) == (True, anna)
    first.refresh_from_db()
    assert (first.state, first.ended_by) == (State.ENDED, By.VISITOR)
    (row,) = queries.waiting_conversations()
    assert row.wish == {"member": anna.pk.hex, "alias": "Anna"}
    assert (row.returning, row.thread) == (True, first.thread_id.hex)


def test_who_does_not_wish_or_whose_counsellor_left_gets_whoever_is_free() -> None:
    first = begin()
    anna = answered_by("Anna", first)
    returning.take_code(first.pk, LOOKUP, WRAP)
    assert begin(Return(LOOKUP, WRAP, wish=False)).wish is None
    Member.objects.filter(pk=anna.pk).update(is_active=False)
    assert begin(Return(LOOKUP, WRAP, wish=True)).wish is None


def test_a_new_code_and_a_code_given_up_destroy_what_the_former_one_opened() -> None:
    conversation = begin()
    returning.take_code(conversation.pk, LOOKUP, WRAP)
    returning.take_code(conversation.pk, OTHER_LOOKUP, WRAP)
    with pytest.raises(NotAllowed):
        returning.thread_of(LOOKUP)
    assert returning.thread_of(OTHER_LOOKUP) == conversation.thread
    returning.give_up_code(conversation.pk)
    assert code_wraps(conversation.thread) == 0
    with pytest.raises(NotAllowed):
        returning.thread_of(OTHER_LOOKUP)


def test_a_code_is_taken_by_one_thread_only() -> None:
    returning.take_code(begin().pk, LOOKUP, WRAP)
    with pytest.raises(IdReused):
        returning.take_code(begin().pk, LOOKUP, WRAP)


def test_a_code_ends_with_the_last_transcript() -> None:
    conversation = begin()
    returning.take_code(conversation.pk, LOOKUP, WRAP)
    conversation.delete()
    with pytest.raises(NotAllowed):
        returning.thread_of(LOOKUP)


def test_after_too_many_wrong_codes_none_is_looked_up(settings: Settings) -> None:
    settings.RETURN_GUESSES = 3
    returning.take_code(begin().pk, LOOKUP, WRAP)
    this_minute = int(timezone.now().timestamp()) // 60
    Guesses.objects.create(minute=this_minute - 5, wrong=9)
    # One more, since the minute may turn while this runs.
    for _ in range(2 * settings.RETURN_GUESSES - 1):
        with pytest.raises((NotAllowed, TooManyGuesses)):
            returning.thread_of(OTHER_LOOKUP)
    with pytest.raises(TooManyGuesses):
        returning.thread_of(LOOKUP)
    Guesses.objects.update(minute=this_minute - 5)
    assert returning.thread_of(LOOKUP)


def test_nobody_reads_a_conversation_of_another_thread() -> None:
    mine, other = begin(), begin()
    with pytest.raises(NotAllowed):
        returning.former_messages(mine.pk, other.pk, 0)
    assert returning.former_conversations(mine.pk, "team") == []
