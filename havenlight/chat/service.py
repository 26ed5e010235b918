"""When conversations began, were answered and ended: what service figures are counted from."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min
from django.utils import timezone

from havenlight.chat.models import Conversation
from havenlight.chat.states import State


@dataclass(frozen=True, slots=True)
class Served:
    """The times of one conversation; nothing else of it. Practice and letters are never among them:
    nobody waited for their answer in line.
    """

    started_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Now:
    """How it stands at this moment. `longest_seconds` is of whoever has waited longest."""

    waiting: int
    longest_seconds: int
    active: int


def served(begin: datetime, end: datetime) -> list[Served]:
    """The conversations that began from `begin` and before `end`, as far as they are kept."""
    found = Conversation.objects.filter(
        started_at__gte=begin, started_at__lt=end, is_practice=False, is_letter=False
    )
    times = found.order_by("started_at").values_list("started_at", "accepted_at", "ended_at")
    return [Served(*row) for row in times]


def first_at() -> datetime | None:
    """When the first conversation that is kept began."""
    found = Conversation.objects.filter(is_practice=False).aggregate(first=Min("started_at"))
    first: datetime | None = found["first"]
    return first


def now() -> Now:
    """Who waits and who talks now."""
    waiting = Conversation.objects.filter(state=State.WAITING, is_practice=False)
    first = waiting.aggregate(first=Min("started_at"))["first"]
    longest = int((timezone.now() - first).total_seconds()) if first else 0
    active = Conversation.objects.filter(state=State.ACTIVE, is_practice=False)
    return Now(waiting.count(), longest, active.count())
