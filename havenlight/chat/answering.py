"""What a member does with a conversation of hers, beside writing in it."""

from django.db import transaction
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.chat.capacity import WEIGHTS
from havenlight.chat.errors import StepRefused
from havenlight.chat.models import Conversation
from havenlight.chat.states import OPEN
from havenlight.core import hints
from havenlight.team.models import Member


def finish(conversation: Conversation, member: Member) -> None:
    """Be done with a conversation that has ended, so that it leaves the desk.

    Raises StepRefused while it goes on.
    """
    if conversation.state in OPEN:
        raise StepRefused(conversation.state, "finished")
    with transaction.atomic():
        unfinished = Conversation.objects.filter(pk=conversation.pk, finished_at=None)
        if unfinished.update(finished_at=timezone.now()):
            audit.record(member.pk, "finished", conversation)
        _tell(member)


def weigh(conversation: Conversation, member: Member, weight: int) -> None:
    """Say how much of `member` a conversation of hers asks; one of WEIGHTS, or ValueError."""
    if weight not in WEIGHTS:
        raise ValueError(weight)
    with transaction.atomic():
        Conversation.objects.filter(pk=conversation.pk).update(weight=weight)
        _tell(member)


def _tell(member: Member) -> None:
    """What is granted to `member` has changed: her windows ask anew."""
    transaction.on_commit(lambda: hints.publish(("g", member.pk.hex)))
