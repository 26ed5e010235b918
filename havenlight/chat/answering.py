"""What a member does with a conversation of hers, beside writing in it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.chat import actions
from havenlight.chat.capacity import WEIGHTS
from havenlight.chat.codes import BlockReason, InsincereReason, RiskStep
from havenlight.chat.errors import NotAllowed, StepRefused
from havenlight.chat.models import Block, Conversation
from havenlight.chat.states import OPEN, By
from havenlight.core import hints
from havenlight.team import queries as team
from havenlight.team.models import Member
from havenlight.team.permissions import Right

BLOCK_HOURS = (1, 4, 12, 24, 72)
"""For how long a conversation may be blocked: a night's work, until a coordinator has looked."""


def finish(conversation: Conversation, member: Member) -> None:
    """Be done with a conversation that has ended, so that it leaves the desk.

    Raises StepRefused while it goes on.
    """
    if conversation.state in OPEN:
        raise StepRefused(conversation.state, "finished")
    with transaction.atomic():
        tell(member)
        unfinished = Conversation.objects.filter(pk=conversation.pk, finished_at=None)
        if unfinished.update(finished_at=timezone.now()):
            audit.record(member.pk, "finished", conversation)


def weigh(conversation: Conversation, member: Member, weight: int) -> None:
    """Say how much of `member` a conversation of hers asks; one of WEIGHTS, or ValueError."""
    if weight not in WEIGHTS:
        raise ValueError(weight)
    _change(conversation, member, weight=weight)


def flag_risk(conversation: Conversation, member: Member, done: Iterable[RiskStep]) -> None:
    """Say that a visitor is at risk, and which steps of the protocol have been done so far."""
    ticked = set(done)
    steps = [step for step in RiskStep if step in ticked]
    first = conversation.risk_at is None
    with transaction.atomic():
        risk_at = conversation.risk_at or timezone.now()
        _change(conversation, member, risk_at=risk_at, risk_steps=steps)
        if first:
            audit.record(member.pk, "flagged a risk", conversation)


def take_flag_back(conversation: Conversation, member: Member) -> None:
    """Say that it was no risk after all."""
    with transaction.atomic():
        _change(conversation, member, risk_at=None, risk_steps=[])
        audit.record(member.pk, "took back the risk", conversation)


def mark_insincere(
    conversation: Conversation, member: Member, reason: InsincereReason | None
) -> None:
    """Say that a contact is not sincere and why; None takes that back."""
    with transaction.atomic():
        _change(conversation, member, insincere=reason or "")
        audit.record(member.pk, "marked as not sincere", conversation, reason or "taken back")


def block(conversation: Conversation, member: Member, reason: BlockReason, hours: int) -> None:
    """End a conversation and let its thread not come back for BLOCK_HOURS; reviewed afterwards."""
    if hours not in BLOCK_HOURS:
        raise ValueError(hours)
    now = timezone.now()
    with transaction.atomic():
        _, is_new = Block.objects.get_or_create(
            conversation=conversation,
            defaults={
                "by": member,
                "reason": reason,
                "began_at": now,
                "until": now + timedelta(hours=hours),
            },
        )
        actions.leave(conversation.pk, By.MEMBER, member.pk)
        if is_new:
            audit.record(member.pk, "blocked", conversation, f"{reason}, {hours} h")
            tell(*team.holders(Right.REVIEW))


def review_block(
    conversation_id: UUID, coordinator: Member, now: datetime, *, upheld: bool
) -> None:
    """Let a block stand, or lift it; the first review counts. NotAllowed when there is none."""
    block = Block.objects.filter(pk=conversation_id).first()
    if block is None:
        raise NotAllowed
    with transaction.atomic():
        reviewed = Block.objects.filter(pk=block.pk, reviewed_at=None).update(
            reviewed_by=coordinator, reviewed_at=now, upheld=upheld
        )
        tell(*team.holders(Right.REVIEW))
        if reviewed:
            verb = "upheld the block of" if upheld else "lifted the block of"
            audit.record(coordinator.pk, verb, block.conversation)


def tell(*members: Member) -> None:
    """What is granted to `members` has changed: their windows ask anew."""
    for member in members:
        transaction.on_commit(partial(hints.publish, ("g", member.pk.hex)))


def _change(conversation: Conversation, member: Member, **values: object) -> None:
    with transaction.atomic():
        Conversation.objects.filter(pk=conversation.pk).update(**values)
        tell(member)
