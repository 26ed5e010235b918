"""What colleagues tell each other: the team room of the shift, and calls for help."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.chat.access import conversation_in_hand
from havenlight.chat.errors import IdReused
from havenlight.console.models import HelpCall, RoomMessage
from havenlight.core import hints
from havenlight.core.seal.encoding import b64
from havenlight.team.models import Member

SHIFT = timedelta(hours=12)
"""What was written in the room before that is the last shift's, and is erased."""

Row = dict[str, object]


def say(author: Member, message_id: UUID, epoch: int, sealed: bytes) -> None:
    """Put a sealed message in the room; the same again is nothing new.

    Raises IdReused when the id belongs to another message.
    """
    try:
        with transaction.atomic():
            RoomMessage.objects.filter(at__lt=timezone.now() - SHIFT).delete()
            message = RoomMessage.objects.create(
                pk=message_id, author=author, epoch=epoch, sealed=sealed
            )
            transaction.on_commit(partial(_tell, "room", _message(message)))
    except IntegrityError:
        same = RoomMessage.objects.filter(pk=message_id, author=author).first()
        if same is None or bytes(same.sealed) != sealed:
            raise IdReused from None


def room() -> list[Row]:
    """What was said in the room in this shift, oldest first."""
    found = RoomMessage.objects.filter(at__gte=timezone.now() - SHIFT).select_related("author")
    return [_message(message) for message in found.order_by("at", "pk")]


def call_for_help(member: Member, conversation_id: UUID | None) -> None:
    """Call all colleagues to `member`, for one of her conversations or for none in particular."""
    conversation = (
        conversation_in_hand(member, conversation_id) if conversation_id is not None else None
    )
    try:
        with transaction.atomic():
            HelpCall.objects.create(by=member, conversation=conversation)
            _tell_calls()
            audit.record(member.pk, "called for help", conversation or member)
    except IntegrityError:
        # She calls already, from another window.
        return


def settle_call(call_id: int, member: Member) -> None:
    """Say that `member` comes, or that she who called needs nobody any more."""
    with transaction.atomic():
        HelpCall.objects.filter(pk=call_id, settled_at=None).update(
            answered_by=member, settled_at=timezone.now()
        )
        _tell_calls()


def calls() -> list[Row]:
    """The calls that nobody has answered, and those answered in the last minutes."""
    lately = timezone.now() - timedelta(minutes=5)
    found = HelpCall.objects.filter(asked_at__gte=timezone.now() - SHIFT).exclude(
        settled_at__lt=lately
    )
    return [_call(call) for call in found.select_related("by", "answered_by").order_by("pk")]


def _message(message: RoomMessage) -> Row:
    return {
        "id": message.pk.hex,
        "member": message.author_id.hex,
        "alias": message.author.alias,
        "epoch": message.epoch,
        "at": int(message.at.timestamp()) // 60,
        "sealed": b64(bytes(message.sealed)),
    }


def _call(call: HelpCall) -> Row:
    return {
        "id": call.pk,
        "member": call.by_id.hex,
        "alias": call.by.alias,
        "conv": call.conversation_id.hex if call.conversation_id else None,
        "at": int(call.asked_at.timestamp()) // 60,
        "answered_by": call.answered_by.alias if call.answered_by else None,
    }


def _tell_calls() -> None:
    transaction.on_commit(lambda: _tell("help", {"calls": calls()}))


def _tell(kind: str, fields: Row) -> None:
    hints.publish(("k", kind, fields))
