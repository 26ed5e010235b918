"""Whom a client believes, how it holds its token, and how it reads a stream in pieces."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenlight.client import Link, Lost, ServerRefused, Visitor, organisation_of
from havenlight.client.sse import Frame, Parser
from havenlight.client.token import Token
from havenlight.core.seal.errors import ManifestRefused
from tests.unit.client.scripted import ORGANISATION, ScriptedServer
from tests.vectors import SEAL, STREAM


async def test_a_visitor_starts_with_the_organisation_that_she_knows(link: Link) -> None:
    assert await organisation_of(link) == ORGANISATION
    assert await Visitor.start(link, ORGANISATION)


async def test_a_visitor_does_not_start_with_another_organisation(link: Link) -> None:
    with pytest.raises(ManifestRefused):
        await Visitor.start(link, bytes.fromhex(SEAL["keys"]["bram"]["public"]))


async def test_a_demo_is_refused_unless_it_is_allowed(link: Link, server: ScriptedServer) -> None:
    server.manifest = SEAL["manifest"]["demo"]
    with pytest.raises(ManifestRefused, match="demo"):
        await Visitor.start(link, ORGANISATION)
    assert await Visitor.start(link, ORGANISATION, allow_demo=True)


class Clock:
    """Time that stands still until it is moved; seconds."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Counter:
    """Gives numbered tokens that last 600 s, or refuses."""

    refuse: Exception | None = None
    asked = 0

    async def __call__(self) -> dict[str, object]:
        self.asked += 1
        if self.refuse:
            raise self.refuse
        return {"token": str(self.asked), "expires_in": 600}


async def test_a_token_is_renewed_when_two_thirds_of_its_life_have_passed() -> None:
    clock, counter = Clock(), Counter()
    token = Token(counter, clock)
    assert await token.get() == "1"
    clock.now += 399
    assert await token.get() == "1"
    clock.now += 2
    assert await token.get() == "2"


async def test_an_old_token_serves_while_it_lasts_and_none_can_be_had() -> None:
    clock, counter = Clock(), Counter()
    token = Token(counter, clock)
    await token.get()
    counter.refuse = Lost("away")
    clock.now += 500
    assert await token.get() == "1"
    clock.now += 101
    with pytest.raises(Lost):
        await token.get()


async def test_a_final_refusal_of_a_token_is_told_at_once() -> None:
    clock, counter = Clock(), Counter()
    token = Token(counter, clock)
    await token.get()
    counter.refuse = ServerRefused(404, "unknown")
    clock.now += 500
    with pytest.raises(ServerRefused):
        await token.get()


async def test_only_the_token_that_was_refused_is_dropped() -> None:
    counter = Counter()
    token = Token(counter, Clock())
    await token.get()
    token.drop("another")
    assert await token.get() == "1"
    token.drop("1")
    assert await token.get() == "2"


STREAM_BYTES = STREAM["text"].encode()


@settings(max_examples=40, deadline=None)
@given(cuts=st.lists(st.integers(0, len(STREAM_BYTES))))
def test_a_stream_is_read_alike_in_whatever_pieces_it_comes(cuts: list[int]) -> None:
    parser = Parser()
    edges = [0, *sorted(cuts), len(STREAM_BYTES)]
    frames = []
    for start, end in itertools.pairwise(edges):
        frames += parser.feed(STREAM_BYTES[start:end])
    assert frames == [Frame(name, data) for name, data in STREAM["events"]]
    assert parser.retry_seconds == STREAM["retry"] / 1000
