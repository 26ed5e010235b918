"""Practice: conversations with a made-up visitor, which are marked before they begin."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.chat.errors import NotAllowed, TooMuchPractice
from havenlight.chat.models import Conversation, Practice
from havenlight.chat.states import OPEN
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may

AT_ONCE = 3
"""Practice conversations that a member may have open."""

_TO_BEGIN = timedelta(minutes=2)


def plan(member: Member, story: str) -> UUID:
    """Say that a conversation to come is practice, and return the id that it must have.

    Marked before it begins, it is never in the queue or in a figure as anything else. Raises
    NotAllowed when `member` does not counsel, TooMuchPractice when she has AT_ONCE already.
    """
    if not may(member, Right.VISITORS):
        raise NotAllowed
    with transaction.atomic():
        hers = Practice.objects.filter(member=member)
        begun = Conversation.objects.filter(pk__in=hers.values("pk"))
        lately = hers.filter(made_at__gte=timezone.now() - _TO_BEGIN)
        to_begin = lately.exclude(pk__in=begun.values("pk")).count()
        if begun.filter(state__in=OPEN).count() + to_begin >= AT_ONCE:
            raise TooMuchPractice
        made = Practice.objects.create(conversation=uuid4(), member=member, story=story)
        audit.record(member.pk, "practised", made, story)
    return made.pk


def is_practice(conversation_id: UUID) -> bool:
    """Whether a conversation of this id was marked as practice before it began."""
    return Practice.objects.filter(pk=conversation_id).exists()
