"""Service figures are counted by their definitions, in the helpline's own hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from havenlight.chat.service import Served
from havenlight.console.service.counts import (
    Spread,
    by_hour,
    by_weekday,
    counts_of,
    days_between,
    month_bounds,
    spread_of,
)
from havenlight.console.service.plot import plot_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 23, 20, 0, tzinfo=AMSTERDAM)


def served(wait: float | None, length: float | None = None, *, at: datetime = MONDAY) -> Served:
    """Who waited so many minutes and talked so many; without a wait she was not answered."""
    accepted = None if wait is None else at + timedelta(minutes=wait)
    ended = None if length is None else (accepted or at) + timedelta(minutes=length)
    return Served(at, accepted, ended)


def test_answered_abandoned_and_waiting_are_told_apart() -> None:
    counts = counts_of([served(1, 30), served(3, None), served(None, 5), served(None, None)])
    assert (counts.offered, counts.answered, counts.abandoned) == (4, 2, 1)
    assert counts.soon_share == 0.25
    assert counts.wait == Spread(120, 168)
    assert counts.length == Spread(1800, 1800)
    assert counts.mean_length == 1800


def test_of_nobody_there_is_nothing_to_tell() -> None:
    counts = counts_of([])
    assert (counts.offered, counts.soon_share, counts.mean_length) == (0, None, None)
    assert counts.wait == counts.length == Spread(None, None)
    assert counts.wait.minutes == (None, None)


def test_the_spread_is_that_of_r_s_seventh_type() -> None:
    # quantile(c(1, 2, 3, 4, 10), c(.5, .9), type = 7) in R.
    assert spread_of([10, 1, 3, 2, 4]) == Spread(3, pytest.approx(7.6))


def test_an_hour_is_that_of_the_helpline_s_clock_and_a_mean_over_its_days() -> None:
    days = [MONDAY.date(), MONDAY.date() + timedelta(days=1)]
    late = MONDAY.astimezone(UTC)
    hours = by_hour(
        [served(1, at=late), served(1, at=late), served(1, at=late + timedelta(days=4))],
        [(late + timedelta(minutes=30), late + timedelta(hours=2))],
        days,
        AMSTERDAM,
    )
    assert [hour.offered for hour in hours if hour.offered] == [1.0]
    assert hours[20].offered == 1.0
    assert hours[20].counts.offered == 2
    assert {hour.hour: hour.on_duty for hour in hours if hour.on_duty} == {20: 0.25, 21: 0.5}


def test_duty_over_midnight_belongs_to_the_day_that_is_chosen() -> None:
    begin = datetime(2026, 11, 23, 23, 0, tzinfo=AMSTERDAM)
    hours = by_hour([], [(begin, begin + timedelta(hours=2))], [begin.date()], AMSTERDAM)
    assert {hour.hour: hour.on_duty for hour in hours if hour.on_duty} == {23: 1.0}


def test_the_day_of_the_week_is_that_of_its_begin() -> None:
    midnight = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert [day.offered for day in by_weekday([served(1, at=midnight)], AMSTERDAM)] == [
        1, 0, 0, 0, 0, 0, 0,
    ]  # fmt: skip


def test_a_month_has_all_its_days_also_when_the_clock_changes() -> None:
    begin, end = month_bounds(date(2026, 10, 1), AMSTERDAM)
    assert end - begin == timedelta(days=31, hours=1)
    assert len(days_between(begin, end, AMSTERDAM)) == 31
    begin, end = month_bounds(date(2026, 12, 1), AMSTERDAM)
    assert days_between(begin, end, AMSTERDAM)[-1] == date(2026, 12, 31)


def test_the_plot_has_a_bar_an_hour_up_to_the_highest_number() -> None:
    plot = plot_of([0.0] * 23 + [8.0], [2] * 24, [1.0] * 24)
    assert len(plot.columns) == 24
    assert plot.columns[0].height == 0
    assert plot.columns[23].y == min(y for y, _ in plot.ticks)
    assert len(plot.needed.split()) == len(plot.on_duty.split()) == 48
    assert plot_of([0.0] * 24, [0] * 24, [0.0] * 24).ticks[-1][1] == 4
