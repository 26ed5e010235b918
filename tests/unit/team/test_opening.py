"""When a helpline is open: over midnight, on holidays, and when the clock is put back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from havenlight.team.opening import ALWAYS, Hours, Opening, overlapping

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EVENING: Hours = (time(19), time(2))
MONDAY = date(2026, 11, 23)


def opening(week: dict[int, tuple[Hours, ...]], **given: object) -> Opening:
    return Opening(AMSTERDAM, week, **{"exceptions": {}, "closing": timedelta(minutes=30)} | given)


def local(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), AMSTERDAM)


@pytest.mark.parametrize(
    ("days", "clock", "is_open", "takes_new"),
    [
        (0, "18:59", False, False),
        (0, "19:00", True, True),
        (1, "01:29", True, True),
        (1, "01:30", True, False),
        (1, "01:59", True, False),
        (1, "02:00", False, False),
        (1, "20:00", False, False),
    ],
)
def test_hours_run_over_midnight_and_take_nobody_new_at_their_end(
    days: int, clock: str, is_open: bool, takes_new: bool
) -> None:
    at = local(MONDAY + timedelta(days), clock)
    found = opening({0: (EVENING,)})
    assert (found.is_open(at), found.takes_new(at)) == (is_open, takes_new)


def test_hours_that_touch_have_no_end_between_them() -> None:
    found = opening({0: ((time(12), time(0)),), 1: ((time(0), time(9)),)})
    assert found.takes_new(local(MONDAY, "23:45"))
    assert found.closes_at(local(MONDAY, "23:45")) == local(MONDAY + timedelta(1), "09:00")


def test_day_and_night_never_closes() -> None:
    found = opening(dict(ALWAYS))
    assert all(
        found.takes_new(local(MONDAY, "00:00") + timedelta(minutes=7 * step))
        for step in range(0, 7 * 24 * 60 // 7, 3)
    )


def test_a_holiday_closes_the_day_but_not_the_night_before() -> None:
    found = opening({0: (EVENING,), 1: (EVENING,)}, exceptions={MONDAY + timedelta(1): None})
    assert found.is_open(local(MONDAY + timedelta(1), "01:00"))
    assert not found.is_open(local(MONDAY + timedelta(1), "20:00"))
    assert found.next_opening(local(MONDAY, "20:00")) == local(MONDAY + timedelta(7), "19:00")


def test_a_day_may_have_other_hours() -> None:
    found = opening({0: (EVENING,)}, exceptions={MONDAY: (time(9), time(12))})
    assert found.is_open(local(MONDAY, "10:00"))
    assert not found.is_open(local(MONDAY, "20:00"))


def test_it_opens_next_when_hours_next_begin() -> None:
    found = opening({0: (EVENING,), 4: ((time(10), time(12)),)})
    assert found.next_opening(local(MONDAY, "18:00")) == local(MONDAY, "19:00")
    assert found.next_opening(local(MONDAY, "19:00")) == local(MONDAY + timedelta(4), "10:00")
    assert opening({}).next_opening(local(MONDAY, "10:00")) is None


def test_after_a_long_holiday_it_opens_again() -> None:
    closed = {MONDAY + timedelta(days): None for days in range(60)}
    found = opening({0: (EVENING,)}, exceptions=closed)
    assert found.next_opening(local(MONDAY, "10:00")) == local(MONDAY + timedelta(63), "19:00")


def test_the_night_in_which_the_clock_goes_back_has_an_hour_more() -> None:
    found = opening({5: ((time(22), time(4)),)})
    saturday = date(2026, 10, 24)
    begin = found.next_opening(local(saturday, "12:00"))
    assert begin is not None
    end = found.closes_at(begin)
    assert end is not None
    assert end - begin == timedelta(hours=7)
    assert found.is_open(datetime(2026, 10, 25, 2, 59, tzinfo=UTC))
    assert not found.is_open(datetime(2026, 10, 25, 3, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("hours", "overlap"),
    [
        ([(0, time(9), time(12)), (0, time(12), time(14))], False),
        ([(0, time(9), time(12)), (0, time(11), time(14))], True),
        ([(0, time(22), time(2)), (1, time(1), time(3))], True),
        ([(6, time(22), time(2)), (0, time(1), time(3))], True),
        ([(day, time(0), time(0)) for day in range(7)], False),
        ([(0, time(9), time(8))], False),
    ],
)
def test_hours_that_lie_over_each_other_are_found(
    hours: list[tuple[int, time, time]], overlap: bool
) -> None:
    assert overlapping(hours) is overlap
