"""Sealing conversations that go on to a new team key, in the browser of who holds both."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from havenlight.audit import actions as audit
from havenlight.chat.models import Conversation, Wrap
from havenlight.chat.states import OPEN
from havenlight.team import queries as team
from havenlight.team.models import Member

MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Open:
    """The key of a conversation that goes on, sealed to the team key of an epoch."""

    conversation: UUID
    epoch: int
    wrap: bytes


def behind() -> list[Open]:
    """Conversations that go on and are sealed to a former team key; at most MOST_AT_ONCE."""
    former = Wrap.objects.filter(
        kind="team",
        conversation__state__in=OPEN,
        conversation__epoch__lt=team.current_epoch().number,
    ).select_related("conversation")
    return [
        Open(one.conversation_id, one.conversation.epoch, bytes(one.sealed))
        for one in former.order_by("pk")[:MOST_AT_ONCE]
    ]


def renew(coordinator: Member, sealed: Iterable[Open]) -> int:
    """Seal conversations to the team key of today, and tell how many.

    One that has ended meanwhile, or was sealed anew by somebody else, is left as it is: whoever
    left the team had its key already, and it is erased in its time.
    """
    epoch = team.current_epoch()
    with transaction.atomic():
        count = sum(_renew(one, epoch.number) for one in sealed)
        audit.record(coordinator.pk, "sealed conversations anew", epoch, f"{count} of them")
    return count


def _renew(one: Open, epoch: int) -> bool:
    found = Conversation.objects.filter(pk=one.conversation, state__in=OPEN, epoch=one.epoch)
    if one.epoch >= epoch or not found.update(epoch=epoch):
        return False
    Wrap.objects.filter(conversation=one.conversation, kind="team").update(sealed=one.wrap)
    return True
