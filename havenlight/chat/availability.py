"""Whether a chat may begin now, and if not, when: the helpline's hours, and how many wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from babel.dates import format_date, format_skeleton
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from havenlight.chat.errors import NotOpen
from havenlight.chat.models import Conversation
from havenlight.chat.states import State
from havenlight.team import duty, helpline
from havenlight.team import queries as team

_EVENING = 18
# In Europe the day goes before the month.
_LOCALES = {"en": "en_GB"}
_WEEK = timedelta(days=6)


class Door(StrEnum):
    """How a visitor finds the helpline."""

    OPEN = "open"
    NOBODY = "nobody"
    FULL = "full"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Availability:
    """How the helpline is found now, and when it opens next, in its own time zone."""

    door: Door
    opens_at: datetime | None

    @property
    def takes_new(self) -> bool:
        """Whether a chat may begin. Where nobody is on duty yet she may wait."""
        return self.door in {Door.OPEN, Door.NOBODY}


def now() -> Availability:
    """How the helpline is found at this moment."""
    if not team.is_set_up():
        return Availability(Door.CLOSED, None)
    moment = timezone.now()
    opening = helpline.opening()
    if not opening.takes_new(moment):
        opens_at = opening.next_opening(moment)
        return Availability(Door.CLOSED, opens_at and opens_at.astimezone(opening.zone))
    limit = helpline.queue_limit()
    if limit and _waiting() >= limit:
        return Availability(Door.FULL, None)
    return Availability(Door.OPEN if duty.on_duty() else Door.NOBODY, None)


def _waiting() -> int:
    return Conversation.objects.filter(state=State.WAITING, is_practice=False).count()


def check_open() -> None:
    """Raise NotOpen unless a chat may begin now."""
    found = now()
    if not found.takes_new:
        raise NotOpen(found.door)


def when(opens_at: datetime, moment: datetime) -> str:
    """When that is, as people say it on the day of `moment`; `opens_at` in the helpline's zone."""
    days = (opens_at.date() - moment.astimezone(opens_at.tzinfo).date()).days
    time = opens_at.strftime("%H:%M")
    if days == 0 and opens_at.hour >= _EVENING:
        return _("tonight at {time}").format(time=time)
    if days == 0:
        return _("today at {time}").format(time=time)
    if days == 1:
        return _("tomorrow at {time}").format(time=time)
    # Django has no names of days in Tigrinya; Babel has them in all our languages.
    locale = _LOCALES.get(language := get_language() or "", language)
    if timedelta(days=days) <= _WEEK:
        day = format_date(opens_at, "EEEE", locale=locale)
    else:
        day = format_skeleton("MMMMd", opens_at, locale=locale)
    return _("{day} at {time}").format(day=day, time=time)
