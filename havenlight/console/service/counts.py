"""Service figures by their definitions (docs/methods/service.md); pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import fmean, quantiles
from zoneinfo import ZoneInfo

from havenlight.chat.service import Served

HOURS = range(24)
SOON_SECONDS = 120
"""Whoever is answered within two minutes is answered soon."""

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle and the ninth tenth of some durations, in seconds; None when there are none."""

    p50: float | None
    p90: float | None

    @property
    def minutes(self) -> tuple[float | None, float | None]:
        """Both in minutes."""
        return _minutes(self.p50), _minutes(self.p90)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was offered and what came of it.

    `offered` = `answered` + `abandoned` + those who still wait. Waits are of who was answered,
    lengths of conversations that were answered and have ended.
    """

    offered: int
    answered: int
    abandoned: int
    soon_share: float | None
    """Of all offered those answered within SOON_SECONDS."""
    wait: Spread
    length: Spread
    mean_length: float | None
    """In seconds."""

    @property
    def soon_percent(self) -> float | None:
        """`soon_share` for those who read."""
        return None if self.soon_share is None else 100 * self.soon_share


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the day over all days of a period; numbers are means per day."""

    hour: int
    offered: float
    on_duty: float
    counts: Counts


def counts_of(conversations: Sequence[Served]) -> Counts:
    """Count `conversations` and the times in them."""
    waits = [_seconds(one.started_at, one.accepted_at) for one in conversations if one.accepted_at]
    lengths = [
        _seconds(one.accepted_at, one.ended_at)
        for one in conversations
        if one.accepted_at and one.ended_at
    ]
    abandoned = sum(one.ended_at is not None and not one.accepted_at for one in conversations)
    soon = sum(wait <= SOON_SECONDS for wait in waits)
    return Counts(
        offered=len(conversations),
        answered=len(waits),
        abandoned=abandoned,
        soon_share=soon / len(conversations) if conversations else None,
        wait=spread_of(waits),
        length=spread_of(lengths),
        mean_length=fmean(lengths) if lengths else None,
    )


def spread_of(seconds: Sequence[float]) -> Spread:
    """Median and ninth decile, between two values by their distance (R's type 7)."""
    if not seconds:
        return Spread(None, None)
    if len(seconds) == 1:
        return Spread(seconds[0], seconds[0])
    tenths = quantiles(seconds, n=10, method="inclusive")
    return Spread(tenths[4], tenths[8])


def by_hour(
    conversations: Sequence[Served],
    stretches: Iterable[Stretch],
    days: Sequence[date],
    zone: ZoneInfo,
) -> list[Hour]:
    """The hours of the clock in `zone`, over `days`; other days are left out."""
    chosen = frozenset(days)
    began: list[list[Served]] = [[] for _ in HOURS]
    for one in conversations:
        local = one.started_at.astimezone(zone)
        if local.date() in chosen:
            began[local.hour].append(one)
    on_duty = _hours_on_duty(stretches, chosen, zone)
    number = max(len(chosen), 1)
    return [
        Hour(hour, len(began[hour]) / number, on_duty[hour] / number, counts_of(began[hour]))
        for hour in HOURS
    ]


def by_weekday(conversations: Sequence[Served], zone: ZoneInfo) -> list[Counts]:
    """The seven days of the week, Monday first, by the day on which conversations began."""
    began: list[list[Served]] = [[] for _ in range(7)]
    for one in conversations:
        began[one.started_at.astimezone(zone).weekday()].append(one)
    return [counts_of(day) for day in began]


def month_bounds(first: date, zone: ZoneInfo) -> Stretch:
    """Begin and end, in UTC, of the month that begins on `first`."""
    after = (first + timedelta(days=31)).replace(day=1)
    return _midnight(first, zone), _midnight(after, zone)


def days_between(begin: datetime, end: datetime, zone: ZoneInfo) -> list[date]:
    """The days in `zone` that lie, at least partly, from `begin` to before `end`."""
    day, last = begin.astimezone(zone).date(), (end - timedelta.resolution).astimezone(zone).date()
    return [day + timedelta(days=number) for number in range((last - day).days + 1)]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def _hours_on_duty(
    stretches: Iterable[Stretch], days: frozenset[date], zone: ZoneInfo
) -> list[float]:
    """For each hour of the clock the member-hours of duty in it."""
    found = [0.0 for _ in HOURS]
    for began, ended in stretches:
        at = began
        while at < ended:
            # The next full hour is the same in every zone that is off UTC by full hours.
            until = min(ended, at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
            local = at.astimezone(zone)
            if local.date() in days:
                found[local.hour] += (until - at) / timedelta(hours=1)
            at = until
    return found


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def _seconds(begin: datetime, end: datetime | None) -> float:
    return (end - begin).total_seconds() if end else 0.0
