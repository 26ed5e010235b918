"""Conversations that a member answered, as typed rows: what she may register; never practice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from havenlight.chat.errors import NotAllowed
from havenlight.chat.models import Conversation, Thread
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A conversation that was accepted and was no practice, without a word of what was said."""

    id: UUID
    thread: UUID
    thread_started_at: datetime
    started_at: datetime
    ended_at: datetime | None
    language: str
    objects_at: datetime | None
    """Since when the visitor does not want what is coded of her to be counted."""


def conversations_answered_by(member: Member, since: datetime) -> list[AnsweredRow]:
    """Those that `member` accepted since then, latest first; none when she may not counsel."""
    if not may(member, Right.VISITORS):
        return []
    found = _of(member).filter(accepted_at__gte=since)
    return [_row(one) for one in found.select_related("thread").order_by("-accepted_at")]


def conversation_answered_by(member: Member, conversation_id: UUID) -> AnsweredRow:
    """One that `member` accepted, whenever that was, or raise NotAllowed."""
    if not may(member, Right.VISITORS):
        raise NotAllowed
    one = _of(member).filter(pk=conversation_id).select_related("thread").first()
    if one is None:
        raise NotAllowed
    return _row(one)


def hold(thread_id: UUID) -> None:
    """Let nobody else begin to work with this thread until the transaction ends.

    To be called before anything is written in it. Conversations may still begin meanwhile.
    """
    Thread.objects.select_for_update(no_key=True).filter(pk=thread_id).first()


def beginnings(thread_id: UUID) -> list[datetime]:
    """When each conversation of a thread that was answered began."""
    answered = Conversation.objects.filter(thread=thread_id, is_practice=False)
    return list(answered.exclude(accepted_at=None).values_list("started_at", flat=True))


def _of(member: Member) -> QuerySet[Conversation]:
    return Conversation.objects.filter(counsellor=member, is_practice=False)


def _row(one: Conversation) -> AnsweredRow:
    return AnsweredRow(
        id=one.pk,
        thread=one.thread_id,
        thread_started_at=one.thread.started_at,
        started_at=one.started_at,
        ended_at=one.ended_at,
        language=one.language,
        objects_at=one.thread.objects_at,
    )
