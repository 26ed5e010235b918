"""Who is on duty: going on and off, and what others may know of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from havenlight.core import hints
from havenlight.team.codes import Standing
from havenlight.team.models import Duty, Member
from havenlight.team.permissions import HOLDERS, Right

SILENT_AFTER = timedelta(minutes=15)
"""A desk asks for a token every 7 minutes. One that is silent for two of those was closed."""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A member who is on duty or has a break."""

    member: Member
    standing: Standing
    since: datetime


def go(member: Member, standing: Standing) -> None:
    """Let `member` be on duty, have a break or be off duty from now on."""
    now = timezone.now()
    with transaction.atomic():
        current = _close_silent(member, now)
        if current is not None and current.standing == standing:
            Duty.objects.filter(pk=current.pk).update(seen_at=now)
            return
        if current is not None:
            Duty.objects.filter(pk=current.pk).update(seen_at=now, ended_at=now)
        if standing is not Standing.OFF:
            Duty.objects.create(member=member, standing=standing, began_at=now, seen_at=now)
        # Her other windows show it too.
        transaction.on_commit(lambda: hints.publish(("g", member.pk.hex)))


def seen(member: Member) -> Standing:
    """Note that the desk of `member` is open, and tell how she stands.

    Who was silent too long went off duty when she was last seen: a window that was closed by a
    dead battery must not count as a counsellor all night.
    """
    now = timezone.now()
    with transaction.atomic():
        current = _close_silent(member, now)
        if current is None:
            return Standing.OFF
        Duty.objects.filter(pk=current.pk).update(seen_at=now)
    return Standing(current.standing)


def standing_of(member: Member) -> Standing:
    """How `member` stands now."""
    found = Duty.objects.filter(member=member, ended_at=None, seen_at__gt=_heard_since()).first()
    return Standing(found.standing) if found else Standing.OFF


def on_duty() -> list[OnDuty]:
    """Who is on duty or has a break, by alias."""
    found = Duty.objects.filter(
        ended_at=None,
        seen_at__gt=_heard_since(),
        member__is_active=True,
        member__role__in=HOLDERS[Right.VISITORS],
    ).select_related("member")
    return [
        OnDuty(one.member, Standing(one.standing), one.began_at)
        for one in found.order_by("member__alias", "member")
    ]


def _heard_since() -> datetime:
    return timezone.now() - SILENT_AFTER


def _close_silent(member: Member, now: datetime) -> Duty | None:
    """The duty of `member` that goes on, after closing one of which nothing was heard."""
    # Her row is locked, so that two windows of hers cannot both begin one.
    Member.objects.select_for_update().get(pk=member.pk)
    current = Duty.objects.filter(member=member, ended_at=None).first()
    if current is not None and current.seen_at <= now - SILENT_AFTER:
        Duty.objects.filter(pk=current.pk).update(ended_at=current.seen_at)
        return None
    return current


def stretches(begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """From when until when members were on duty, breaks left out, as far as it lies in a period.

    A stretch that nobody ended lasts until the desk was last heard of.
    """
    found = Duty.objects.filter(standing=Standing.ON, began_at__lt=end)
    times = found.values_list("began_at", "ended_at", "seen_at")
    bounded = ((max(began, begin), min(ended or seen, end)) for began, ended, seen in times)
    return [(began, ended) for began, ended in bounded if began < ended]
