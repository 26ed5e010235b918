"""How fast a side may write."""

from hypothesis import given
from hypothesis import strategies as st

from havenlight.live.limits import Buckets


class Clock:
    """Seconds that pass only when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def make_buckets(burst: int = 10, rate: int = 1) -> tuple[Buckets, Clock]:
    clock = Clock()
    return Buckets(burst, rate, clock), clock


def test_ten_go_at_once_and_the_eleventh_is_told_when() -> None:
    buckets, clock = make_buckets()
    assert [buckets.take("a") for _ in range(10)] == [None] * 10
    wait = buckets.take("a")
    assert wait is not None
    clock.seconds += wait
    assert buckets.take("a") is None


def test_one_side_does_not_use_up_what_the_other_may() -> None:
    buckets, _ = make_buckets(burst=1)
    assert buckets.take(("conversation", "v")) is None
    assert buckets.take(("conversation", "v")) is not None
    assert buckets.take(("conversation", "c:1")) is None


def test_who_was_quiet_for_long_has_no_more_than_the_burst() -> None:
    buckets, clock = make_buckets(burst=3)
    buckets.take("a")
    clock.seconds += 1_000_000
    assert [buckets.take("a") is None for _ in range(4)] == [True, True, True, False]


def test_a_full_bucket_is_forgotten_and_a_used_one_is_not() -> None:
    buckets, clock = make_buckets(burst=2)
    buckets.take("old")
    clock.seconds += 5
    buckets.take("new")
    buckets.take("new")
    buckets.forget_full()
    assert list(buckets._level) == ["new"]
    assert buckets.take("new") is not None


@given(
    st.integers(1, 20),
    st.integers(1, 5),
    st.lists(st.floats(0, 3, allow_nan=False), min_size=1, max_size=80),
)
def test_no_rhythm_gets_more_than_the_burst_and_the_rate(
    burst: int, rate: int, pauses: list[float]
) -> None:
    buckets, clock = make_buckets(burst, rate)
    began, let_through = clock.seconds, 0
    for pause in pauses:
        clock.seconds += pause
        let_through += buckets.take("a") is None
        assert let_through <= burst + (clock.seconds - began) * rate + 1e-6


@given(st.integers(1, 20), st.integers(1, 5))
def test_who_waits_as_told_is_let_through(burst: int, rate: int) -> None:
    buckets, clock = make_buckets(burst, rate)
    for _ in range(burst + 10):
        wait = buckets.take("a")
        if wait is not None:
            clock.seconds += wait
            assert buckets.take("a") is None
