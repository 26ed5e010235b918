"""Service figures, live and by month: for coordinators alone."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from havenlight.chat import service
from havenlight.console.service.counts import (
    SOON_SECONDS,
    Hour,
    by_hour,
    by_weekday,
    counts_of,
    days_between,
    month_bounds,
)
from havenlight.console.service.forms import AskForm
from havenlight.console.service.plot import plot_of
from havenlight.console.service.staffing import counsellors_needed
from havenlight.team import duty, helpline
from havenlight.team import queries as team
from havenlight.team.codes import Standing, Weekday
from havenlight.team.gate import MemberRequest, page_for
from havenlight.team.permissions import Right

SOON_SHARE = 0.9
"""Nine of ten are to be answered soon."""

_MONTHS = 24


@require_GET
@page_for(Right.SERVICE)
def figures(request: MemberRequest) -> HttpResponse:
    """How it stands now, and a month."""
    zone = ZoneInfo(team.organisation().time_zone)
    form = AskForm(request.GET, _months(zone))
    context = {
        "member": request.user,
        "organisation": team.organisation(),
        "form": form,
        "now": _now(zone),
        "share": round(SOON_SHARE * 10),
        "minutes": SOON_SECONDS // 60,
    }
    if form.is_valid():
        context |= _month(zone, **form.cleaned_data)
    return render(request, "coordination/service.html", context)


@require_GET
@page_for(Right.SERVICE)
def now(_request: MemberRequest) -> JsonResponse:
    """How it stands now, for the page to keep up."""
    return JsonResponse(_now(ZoneInfo(team.organisation().time_zone)))


def _now(zone: ZoneInfo) -> dict[str, int]:
    at = timezone.now()
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    standing = service.now()
    today = counts_of(service.served(midnight, at))
    return {
        "waiting": standing.waiting,
        "longest": standing.longest_seconds // 60,
        "active": standing.active,
        "on_duty": sum(one.standing == Standing.ON for one in duty.on_duty()),
        "offered": today.offered,
        "answered": today.answered,
        "abandoned": today.abandoned,
    }


def _months(zone: ZoneInfo) -> list[date]:
    at = timezone.now()
    first = (service.first_at() or at).astimezone(zone).date().replace(day=1)
    month = at.astimezone(zone).date().replace(day=1)
    found = [month]
    while month > first and len(found) < _MONTHS:
        month = (month - timedelta(days=1)).replace(day=1)
        found.append(month)
    return found


def _month(zone: ZoneInfo, month: date, weekday: int | None, at_once: int) -> dict[str, Any]:
    begin, end = month_bounds(month, zone)
    # A month that is not over counts up to now.
    end = min(end, timezone.now())
    conversations = service.served(begin, end)
    all_days = days_between(begin, end, zone)
    days = [day for day in all_days if weekday is None or day.weekday() == weekday]
    hours = by_hour(conversations, duty.stretches(begin, end), days, zone)
    total = counts_of(conversations)
    rows = [(hour, _needed(hour, total.mean_length, at_once)) for hour in hours]
    return {
        "total": total,
        "hours": rows,
        "days": len(days),
        "weekdays": list(zip(Weekday.labels, by_weekday(conversations, zone), strict=True)),
        "plot": plot_of(
            [hour.offered for hour, _ in rows],
            [needed or 0 for _, needed in rows],
            [hour.on_duty for hour, _ in rows],
        ),
        "through": all_days[-1],
    }


def _needed(hour: Hour, mean_length: float | None, at_once: int) -> int | None:
    """Counsellors for an hour; None while no conversation tells how long one takes."""
    if mean_length is None:
        return None
    # The place of one that has ended is taken until it is wrapped up, at most this long.
    taken = mean_length + helpline.wrap_up_seconds()
    return counsellors_needed(
        hour.offered,
        taken / 3600,
        at_once=at_once,
        share=SOON_SHARE,
        within=SOON_SECONDS / 3600,
    )
