"""When a helpline is open: pure rules on aware times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_AHEAD_DAYS = 366

Hours = tuple[time, time]
Period = tuple[datetime, datetime]

WHOLE_DAY: Hours = (time(0), time(0))
ALWAYS: Mapping[int, tuple[Hours, ...]] = dict.fromkeys(range(7), (WHOLE_DAY,))


@dataclass(frozen=True, slots=True)
class Opening:
    """The hours of a helpline.

    `week` has the hours that begin on each day, 0 for Monday; an end that is not after its begin is
    on the next day. `exceptions` replaces what begins on its date; None is closed. Hours that began
    the evening before run on into it.
    """

    zone: ZoneInfo
    week: Mapping[int, tuple[Hours, ...]]
    exceptions: Mapping[date, Hours | None]
    closing: timedelta
    """How long before the end no new conversation begins."""

    def is_open(self, at: datetime) -> bool:
        """Whether somebody answers at `at`."""
        return self._around(at) is not None

    def takes_new(self, at: datetime) -> bool:
        """Whether a new conversation may begin at `at`: open, and not about to close."""
        around = self._around(at)
        return around is not None and at < around[1] - self.closing

    def closes_at(self, at: datetime) -> datetime | None:
        """The end of the hours that `at` is in, in UTC; None when closed."""
        around = self._around(at)
        return around[1] if around else None

    def next_opening(self, at: datetime) -> datetime | None:
        """When hours next begin after `at`, in UTC; None when there are none within a year."""
        day = at.astimezone(self.zone).date()
        # Most helplines open again within days; only a long holiday needs the whole year.
        for days in (8, _AHEAD_DAYS):
            for begin, _ in self.periods(day - _DAY, day + days * _DAY):
                if begin > at:
                    return begin
        return None

    def _around(self, at: datetime) -> Period | None:
        day = at.astimezone(self.zone).date()
        # Three days on, so that hours which follow on each other are not cut at midnight.
        periods = self.periods(day - _DAY, day + 3 * _DAY)
        return next(((begin, end) for begin, end in periods if begin <= at < end), None)

    def periods(self, first: date, last: date) -> list[Period]:
        """The hours that begin from `first` to `last`, in UTC, joined where they touch."""
        days = (first + number * _DAY for number in range((last - first).days + 1))
        found = sorted(self._moments(day, hours) for day in days for hours in self._of(day))
        joined: list[Period] = []
        for begin, end in found:
            if joined and begin <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((begin, end))
        return joined

    def _of(self, day: date) -> tuple[Hours, ...]:
        if day in self.exceptions:
            hours = self.exceptions[day]
            return (hours,) if hours else ()
        return self.week.get(day.weekday(), ())

    def _moments(self, day: date, hours: Hours) -> Period:
        begin, end = hours
        until = day if end > begin else day + _DAY
        return self._utc(day, begin), self._utc(until, end)

    def _utc(self, day: date, moment: time) -> datetime:
        # Compared in UTC: within one zone Python compares the clock's face, which turns back once
        # a year.
        return datetime.combine(day, moment, self.zone).astimezone(UTC)


def overlapping(hours: list[tuple[int, time, time]]) -> bool:
    """Whether hours of one week, given as weekday, begin and end, lie over each other."""
    spans = []
    for weekday, begin, end in hours:
        first = weekday * 1440 + begin.hour * 60 + begin.minute
        length = (end.hour - begin.hour) * 60 + end.minute - begin.minute
        spans.append((first, first + (length if length > 0 else length + 1440)))
    spans.sort()
    if spans:
        spans.append((spans[0][0] + 7 * 1440, spans[0][1] + 7 * 1440))
    return any(one[1] > other[0] for one, other in pairwise(spans))
