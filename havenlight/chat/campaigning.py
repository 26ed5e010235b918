"""Links of our own to the chat: made, closed, opened; counted by the month and never by person.

Nothing of a link goes along with who opens it: docs/decisions/0044.
"""

import secrets
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.chat.codes import CampaignKind
from havenlight.chat.errors import NameTaken, NotAllowed
from havenlight.chat.models import Campaign, CampaignMonth
from havenlight.team import helpline
from havenlight.team import queries as team
from havenlight.team.models import Member

MOST_MONTHS = 12

_PLANTS = ("birch", "clover", "fern", "heather", "linden", "maple", "reed", "rowan", "willow")


@dataclass(frozen=True, slots=True)
class Month:
    """How often a link was opened in a month that is over; None for fewer than the threshold."""

    month: date
    opened: int | None


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A link, with the months that may be told, the latest first."""

    name: str
    told: str
    kind: CampaignKind
    language: str
    made_on: date
    closed_on: date | None
    months: tuple[Month, ...]


def make(member: Member, name: str, told: str, kind: CampaignKind, language: str) -> None:
    """Make a link, or raise NameTaken: a name is never given twice, closed or not."""
    today = _today()
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = Campaign.objects.create(
                    name=name, told=told, kind=kind, language=language, made_on=today
                )
        except IntegrityError:
            raise NameTaken(name) from None
        audit.record(member.pk, "made a link", made)


def close(member: Member, name: str) -> None:
    """Count a link no more; it still leads to the chat. NotAllowed when it is none that counts."""
    with transaction.atomic():
        if not Campaign.objects.filter(pk=name, closed_on=None).update(closed_on=_today()):
            raise NotAllowed
        audit.record(member.pk, "closed a link", Campaign.objects.get(pk=name))


def language_of(name: str) -> str | None:
    """In which language a link opens the chat; None for that of her browser."""
    found = Campaign.objects.filter(pk=name).values_list("language", flat=True).first()
    on = {code for code, _ in helpline.languages()}
    return found if found in on else None


def count_opened(name: str) -> None:
    """Add one to this month of a link that counts; nothing for any other name."""
    month = _today().replace(day=1)
    with transaction.atomic():
        if not Campaign.objects.filter(pk=name, closed_on=None).exists():
            return
        row, _ = CampaignMonth.objects.get_or_create(campaign_id=name, month=month)
        CampaignMonth.objects.filter(pk=row.pk).update(opened=F("opened") + 1)


def campaigns() -> list[CampaignRow]:
    """All links, the newest first."""
    least, today = helpline.figures_threshold(), _today()
    return [_row(one, least, today) for one in Campaign.objects.prefetch_related("months")]


def campaign(name: str) -> CampaignRow:
    """One link, or raise NotAllowed."""
    found = next((row for row in campaigns() if row.name == name), None)
    if found is None:
        raise NotAllowed
    return found


def new_name() -> str:
    """A name that says nothing; that it is taken is told when it is."""
    return f"{secrets.choice(_PLANTS)}{secrets.randbelow(90) + 10}"


def _row(one: Campaign, least: int, today: date) -> CampaignRow:
    counted = {row.month: row.opened for row in one.months.all()}
    months = tuple(
        Month(month, opened if (opened := counted.get(month, 0)) >= least else None)
        for month in _months_over(one, today)
    )
    return CampaignRow(
        one.name, one.told, CampaignKind(one.kind), one.language, one.made_on, one.closed_on, months
    )


def _months_over(one: Campaign, today: date) -> list[date]:
    """The months that are over in which a link counted.

    While a month runs, two looks at its number would tell of a single opening between them.
    """
    until = min(today, one.closed_on or today)
    first = one.made_on.replace(day=1)
    found: list[date] = []
    month = today.replace(day=1)
    while len(found) < MOST_MONTHS:
        month = _before(month)
        if month < first:
            break
        if month <= until:
            found.append(month)
    return found


def _before(month: date) -> date:
    """The month before."""
    year, number = divmod(month.year * 12 + month.month - 2, 12)
    return date(year, number + 1, 1)


def _today() -> date:
    return timezone.localdate(timezone=ZoneInfo(team.organisation().time_zone))
