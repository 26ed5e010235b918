"""A time at which a visitor and a member talk again, within the hours of the helpline.

It is a time and no word, so that the server can show it to whoever is on duty then, and to her when
she comes back by her code: docs/decisions/0031.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.chat.answering import tell
from havenlight.chat.errors import NotOpen
from havenlight.chat.models import Conversation, Thread
from havenlight.chat.states import State
from havenlight.core import hints
from havenlight.team import helpline
from havenlight.team.models import Member

STEP = timedelta(minutes=30)
AHEAD = timedelta(days=7)
SHOWN_BEFORE = timedelta(hours=12)
SHOWN_AFTER = timedelta(hours=4)
"""Around its time the desk is shown it: in the shift in which she may come."""

_KEPT_AFTER = timedelta(days=1)


def slots(now: datetime) -> list[datetime]:
    """The half hours within the hours of the helpline that can be agreed on, soonest first."""
    opening = helpline.opening()
    first = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0) + STEP
    halves = (first + number * STEP for number in range(AHEAD // STEP))
    return [half for half in halves if opening.takes_new(half)]


def agree(conversation: Conversation, member: Member, at: datetime) -> None:
    """Agree with the visitor of a conversation on one of `slots`, or raise NotOpen.

    It takes the place of what was agreed before.
    """
    if at not in slots(timezone.now()):
        raise NotOpen("closed")
    with transaction.atomic():
        _set(conversation, member, agreed_at=at, agreed_with=member)
        audit.record(member.pk, "agreed on a time", conversation)


def take_back(conversation: Conversation, member: Member) -> None:
    """Let nothing be agreed on any more."""
    with transaction.atomic():
        _set(conversation, member, agreed_at=None, agreed_with=None)
        audit.record(member.pk, "took back the time agreed on", conversation)


def _set(conversation: Conversation, member: Member, **values: object) -> None:
    Thread.objects.filter(pk=conversation.thread_id).update(**values)
    tell(member)
    transaction.on_commit(lambda: hints.publish(("w",)))


@dataclass(frozen=True, slots=True)
class AgreedRow:
    """Who may come at an agreed time; `at` in minutes."""

    thread: str
    at: int
    member: str
    alias: str
    lang: str
    here: bool
    """She is back: she waits, or somebody talks with her."""


def agreed_around(now: datetime) -> list[AgreedRow]:
    """What was agreed on for this shift, soonest first."""
    found = Thread.objects.filter(
        agreed_at__gt=now - SHOWN_AFTER, agreed_at__lt=now + SHOWN_BEFORE
    ).select_related("agreed_with")
    return [row for thread in found.order_by("agreed_at") if (row := _row(thread))]


def _row(thread: Thread) -> AgreedRow | None:
    last = thread.conversations.order_by("-started_at").first()
    if thread.agreed_at is None or thread.agreed_with is None or last is None:
        return None
    return AgreedRow(
        thread.pk.hex,
        int(thread.agreed_at.timestamp()) // 60,
        thread.agreed_with.pk.hex,
        thread.agreed_with.alias,
        last.language,
        here=last.state in (State.WAITING, State.ACTIVE),
    )


def forget_passed(now: datetime) -> None:
    """Forget the times that have passed."""
    passed = Thread.objects.filter(agreed_at__lt=now - _KEPT_AFTER)
    passed.update(agreed_at=None, agreed_with=None)
