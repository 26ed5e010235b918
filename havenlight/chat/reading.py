"""Reading a conversation that is not one's own: along with both who talk, or after it has ended."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from havenlight.audit import actions as audit
from havenlight.chat.actions import publish_state
from havenlight.chat.codes import ReadReason
from havenlight.chat.errors import NotAllowed, StepRefused
from havenlight.chat.models import Conversation
from havenlight.chat.returning import MessageRow
from havenlight.chat.states import OPEN, State
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may

LAPSES_AFTER = timedelta(seconds=150)
"""Her page says every minute that she still reads; of one that says nothing both are told so."""


def conversation_for_reader(member: Member, conversation_id: UUID) -> Conversation:
    """A conversation that a coordinator may read, or raise NotAllowed."""
    if not may(member, Right.READING):
        raise NotAllowed
    return answered_conversation(conversation_id)


def answered_conversation(conversation_id: UUID) -> Conversation:
    """A conversation that was answered and has not been erased, or raise NotAllowed."""
    found = Conversation.objects.filter(accepted_at__isnull=False, wraps__kind="team")
    conversation = found.filter(pk=conversation_id).first()
    if conversation is None:
        raise NotAllowed
    return conversation


def begin(conversation: Conversation, reader: Member, reason: ReadReason, now: datetime) -> None:
    """Let `reader` read along, which the visitor and the counsellor are told in the same moment.

    Raises StepRefused when it goes on no more, is her own, or a colleague reads along already.
    """
    with transaction.atomic():
        free = Conversation.objects.filter(Q(reader=None) | Q(reader=reader))
        active = free.filter(pk=conversation.pk, state=State.ACTIVE).exclude(counsellor=reader)
        if not active.update(reader=reader, reader_until=now + LAPSES_AFTER):
            raise StepRefused(conversation.state, "read along")
        audit.record(reader.pk, "began to read along", conversation, reason)
        publish_state(conversation.pk)


def go_on(conversation_id: UUID, reader: Member, now: datetime) -> None:
    """Say that `reader` still reads along, or raise NotAllowed when she does no more."""
    reads = Conversation.objects.filter(pk=conversation_id, reader=reader)
    if not reads.update(reader_until=now + LAPSES_AFTER):
        raise NotAllowed


def stop(conversation_id: UUID, reader: Member) -> None:
    """Read along no more; again is nothing."""
    with transaction.atomic():
        _stop(conversation_id, reader.pk, Q(reader=reader))


def close_lapsed(now: datetime) -> None:
    """End the reading of whose page has said nothing for LAPSES_AFTER."""
    lapsed = Q(reader_until__lt=now)
    for conversation_id in Conversation.objects.filter(lapsed).values_list("pk", flat=True):
        with transaction.atomic():
            _stop(conversation_id, None, lapsed)


def sides_of(conversation_id: UUID, member: Member) -> list[UUID]:
    """Who may whisper about a conversation: who answers and who reads along.

    Raises NotAllowed unless `member` is one of the two, and both are there.
    """
    going_on = Conversation.objects.filter(pk=conversation_id, state=State.ACTIVE)
    sides = going_on.exclude(reader=None).values_list("counsellor", "reader").first()
    if sides is None or member.pk not in sides:
        raise NotAllowed
    return [side for side in sides if side]


def may_hear(conversation_id: UUID, member: Member) -> bool:
    """Whether what was whispered about a conversation is for `member`."""
    hers = Conversation.objects.filter(Q(counsellor=member) | Q(reader=member))
    return hers.filter(pk=conversation_id).exists()


def _stop(conversation_id: UUID, by: UUID | None, who: Q) -> None:
    conversation = Conversation.objects.filter(who, pk=conversation_id).first()
    if conversation is None:
        return
    Conversation.objects.filter(who, pk=conversation_id).update(reader=None, reader_until=None)
    audit.record(by, "stopped reading along", conversation)
    publish_state(conversation_id)


def open_closed(conversation: Conversation, reader: Member, reason: ReadReason) -> list[MessageRow]:
    """What was said in a conversation that has ended, given only once the audit has the line.

    Raises StepRefused while it goes on.
    """
    if conversation.state in OPEN:
        raise StepRefused(conversation.state, "opened")
    with transaction.atomic():
        audit.record(reader.pk, "opened", conversation, reason)
    return [MessageRow.of(message) for message in conversation.messages.order_by("seq")]
