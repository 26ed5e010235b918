"""How many an address may begin."""

from pytest_django import Settings

from havenlight.site.flood import Gate


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """Now."""
        return self.seconds


def gate(settings: Settings, clock: Clock) -> Gate:
    """Three at once, then one in ten seconds."""
    settings.START_BURST, settings.START_PER_MINUTE = 3, 6
    return Gate(clock)


def test_some_begin_at_once_and_then_one_after_the_other(settings: Settings) -> None:
    clock = Clock()
    one = gate(settings, clock)
    assert [one.wait_seconds(b"192.0.2.1") for _ in range(3)] == [None] * 3
    wait = one.wait_seconds(b"192.0.2.1")
    assert wait is not None
    clock.seconds += wait
    assert one.wait_seconds(b"192.0.2.1") is None
    assert one.wait_seconds(b"192.0.2.1") is not None


def test_an_address_that_floods_keeps_nobody_else_waiting(settings: Settings) -> None:
    one = gate(settings, Clock())
    for _ in range(1_000):
        one.wait_seconds(b"192.0.2.1")
    assert one.wait_seconds(b"192.0.2.2") is None


def test_what_stands_for_an_address_is_another_after_an_hour_and_in_another_process(
    settings: Settings,
) -> None:
    clock = Clock()
    one, other = gate(settings, clock), gate(settings, clock)

    def known(gate: Gate) -> set[object]:
        gate.wait_seconds(b"192.0.2.1")
        return set(gate._buckets._level)

    first = known(one)
    assert first.isdisjoint(known(other))
    assert b"192.0.2.1" not in b"".join(token for token in first if isinstance(token, bytes))
    clock.seconds += 3_600
    assert first.isdisjoint(known(one))
