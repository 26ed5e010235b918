"""How long a conversation stays open that its visitor went away from without a word."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from havenlight.chat.models import Conversation
from havenlight.chat.states import State

ANSWER_WITHIN = timedelta(hours=12)
"""A member who took a letter may write her answer in the time of a long shift."""


def given_up(now: datetime) -> QuerySet[Conversation]:
    """The open conversations whose grace has passed.

    A visitor keeps her place for `WAITING_GRACE_SECONDS` and her conversation for
    `ACTIVE_GRACE_SECONDS` after her last stream. For the answer to a letter nobody waits: its
    member has ANSWER_WITHIN. A letter that nobody takes is given up after `LETTER_DAYS`, so that
    its transcript is erased like all others; one with nothing in it as soon as she is away.
    """
    away = Q(visitor_seen_at__lt=_away_since(now))
    waiting = Q(visitor_seen_at__lt=now - timedelta(seconds=settings.WAITING_GRACE_SECONDS))
    answered = Q(is_letter=False) | Q(accepted_at__lt=now - ANSWER_WITHIN)
    stale = Q(started_at__lt=now - timedelta(days=settings.LETTER_DAYS)) | Q(last_seq=0)
    return Conversation.objects.filter(
        Q(state=State.WAITING) & waiting
        | Q(state=State.ACTIVE) & away & answered
        | Q(state=State.LEFT) & away & stale
    )


def letters_without_her(now: datetime) -> QuerySet[Conversation]:
    """The letters whose writer has been away so long that her tab may not go on with them."""
    return Conversation.objects.filter(state=State.LEFT, visitor_seen_at__lt=_away_since(now))


def _away_since(now: datetime) -> datetime:
    return now - timedelta(seconds=settings.ACTIVE_GRACE_SECONDS)
