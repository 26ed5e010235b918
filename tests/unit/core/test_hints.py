"""Hints reach whoever is connected, and nobody after."""

from havenlight.core import hints
from havenlight.core.hints import Hint


def test_a_hint_that_nobody_listens_to_is_lost_in_silence() -> None:
    hints.publish(("w",))


def test_every_listener_hears_until_it_is_disconnected() -> None:
    heard: list[tuple[str, Hint]] = []
    first = hints.connect(lambda hint: heard.append(("first", hint)))
    second = hints.connect(lambda hint: heard.append(("second", hint)))
    hints.publish(("w",))
    first()
    hints.publish(("g", "member"))
    second()
    hints.publish(("w",))
    assert heard == [("first", ("w",)), ("second", ("w",)), ("second", ("g", "member"))]
