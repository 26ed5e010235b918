"""How many an address may begin."""

import time

from pytest_django import Settings

from havenlight.core import work
from havenlight.site.flood import PEER, WORK, Gate
from havenlight.site.tallies import OwnTally

START = "/chat/start"


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """Now."""
        return self.seconds


def tally(settings: Settings, clock: Clock) -> OwnTally:
    """Three at once, then one in ten seconds."""
    settings.START_BURST, settings.START_PER_MINUTE = 3, 6
    return OwnTally(clock)


async def test_some_begin_at_once_and_then_one_after_the_other(settings: Settings) -> None:
    clock = Clock()
    one = tally(settings, clock)
    assert [await one.begin(b"192.0.2.1") for _ in range(3)] == [None] * 3
    wait = await one.begin(b"192.0.2.1")
    assert wait is not None
    clock.seconds += wait
    assert await one.begin(b"192.0.2.1") is None
    assert await one.begin(b"192.0.2.1") is not None


async def test_an_address_that_floods_keeps_nobody_else_waiting(settings: Settings) -> None:
    one = Gate(tally(settings, Clock()))
    for _ in range(1_000):
        await one.wait_seconds(START, {PEER: b"192.0.2.1"})
    assert await one.wait_seconds(START, {PEER: b"192.0.2.2"}) is None
    # Nor who has no scripts, at the same address.
    assert await one.wait_seconds("/plain/start", {PEER: b"192.0.2.1"}) is None


async def test_work_that_was_done_lets_one_through_where_others_wait(settings: Settings) -> None:
    one = Gate(tally(settings, Clock()))
    for _ in range(3):
        await one.wait_seconds(START, {PEER: b"192.0.2.1"})
    answer = work.do(**work.ask(settings.TOKEN_SECRET, time.time())).encode()
    headers = {PEER: b"192.0.2.1", WORK: answer}
    assert await one.wait_seconds(START, headers) is None
    assert await one.wait_seconds(START, headers) is not None
    assert await one.wait_seconds(START, headers | {WORK: b"nothing"}) is not None


async def test_what_stands_for_an_address_is_another_after_an_hour_and_in_another_process(
    settings: Settings,
) -> None:
    clock = Clock()
    one, other = tally(settings, clock), tally(settings, clock)

    async def known(of: OwnTally) -> set[object]:
        await of.begin(b"192.0.2.1")
        return set(of._buckets._level)

    first = await known(one)
    assert first.isdisjoint(await known(other))
    assert b"192.0.2.1" not in b"".join(token for token in first if isinstance(token, bytes))
    clock.seconds += 3_600
    assert first.isdisjoint(await known(one))


async def test_work_is_forgotten_when_it_is_good_no_more(settings: Settings) -> None:
    clock = Clock()
    one = tally(settings, clock)
    assert await one.spend(b"first")
    assert not await one.spend(b"first")
    clock.seconds += work.LIFETIME_SECONDS
    assert await one.spend(b"second")
    assert set(one._spent) == {b"second"}
