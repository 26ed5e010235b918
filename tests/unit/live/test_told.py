"""Whatever a new stream begins with, the others are told how a conversation stands."""

import pytest

from havenlight.chat.queries import StateRow
from havenlight.live.told import Told

CONV = "51fb3542c150fdad3075aab76f6fb762"


def state(name: str) -> StateRow:
    return StateRow(name, None, "Anna", None, None)


@pytest.mark.parametrize("begun_with", ["ended", "active"])
def test_a_stream_that_begins_before_the_hint_comes_takes_it_from_nobody(begun_with: str) -> None:
    told = Told()
    told.greeted(CONV, state("active"))
    told.greeted(CONV, state(begun_with))
    assert told.is_news(CONV, state("ended"))
    assert not told.is_news(CONV, state("ended"))


def test_a_stream_that_begins_with_what_is_over_is_told_by_the_sweep() -> None:
    told = Told()
    told.greeted(CONV, state("active"))
    assert told.is_news(CONV, state("ended"))
    told.greeted(CONV, state("active"))
    told.greeted(CONV, state("ended"))
    assert told.is_news(CONV, state("ended"))


def test_what_nobody_listens_to_is_forgotten() -> None:
    told = Told()
    told.greeted(CONV, state("ended"))
    told.forget(CONV)
    assert told.is_news(CONV, state("ended"))
