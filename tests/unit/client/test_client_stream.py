"""The stream survives what networks do to it, and gives each message once, in order."""

import asyncio

import pytest

from havenlight.client import Message, ProtocolBroken, StreamEnded, Visitor
from tests.unit.client.scripted import ScriptedServer, event


async def next_texts(visitor: Visitor, count: int) -> list[str | None]:
    texts = []
    async with asyncio.timeout(5):
        while len(texts) < count:
            got = await anext(visitor.events)
            assert isinstance(got, Message)
            texts.append(got.text)
    return texts


def says(server: ScriptedServer, *texts: str) -> None:
    for n, text in enumerate(texts, start=len(server.log) + 1):
        server.say(text, n)


async def test_a_stream_that_breaks_is_resumed_after_the_last_message_held(
    visitor: Visitor, server: ScriptedServer
) -> None:
    says(server, "een", "twee", "drie")
    server.streams.append(server.frame(1) + server.frame(2)[:40])
    assert await next_texts(visitor, 3) == ["een", "twee", "drie"]
    assert server.opened == ["", f"{visitor.conv}:1"]


async def test_a_gap_is_healed_by_opening_the_stream_again(
    visitor: Visitor, server: ScriptedServer
) -> None:
    says(server, "een", "twee", "drie")
    server.streams.append(server.frame(1) + server.frame(3))
    assert await next_texts(visitor, 3) == ["een", "twee", "drie"]
    assert server.opened == ["", f"{visitor.conv}:1"]


async def test_a_message_that_comes_twice_is_given_once(
    visitor: Visitor, server: ScriptedServer
) -> None:
    says(server, "een", "twee")
    server.streams.append(server.frame(1) + server.frame(1) + server.frame(2))
    assert await next_texts(visitor, 2) == ["een", "twee"]


async def test_a_silent_stream_counts_as_lost(visitor: Visitor, server: ScriptedServer) -> None:
    says(server, "een")
    assert await next_texts(visitor, 1) == ["een"]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(visitor.events), 0.8)
    assert len(server.opened) > 1


async def test_a_wait_that_is_given_up_loses_nothing(
    visitor: Visitor, server: ScriptedServer
) -> None:
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(visitor.events), 0.05)
    says(server, "een", "twee")
    assert await next_texts(visitor, 2) == ["een", "twee"]


async def test_a_connection_that_is_dropped_is_opened_again_at_once(
    visitor: Visitor, server: ScriptedServer
) -> None:
    says(server, "een")
    assert await next_texts(visitor, 1) == ["een"]
    waiting = asyncio.create_task(next_texts(visitor, 1))
    await asyncio.sleep(0.05)
    visitor.drop()
    says(server, "twee")
    assert await asyncio.wait_for(waiting, 1) == ["twee"]


@pytest.mark.parametrize("code", ["slow", "stopping", "of a later version"])
async def test_a_stream_that_the_server_ends_is_opened_again(
    visitor: Visitor, server: ScriptedServer, code: str
) -> None:
    says(server, "een")
    server.streams.append(event("e", {"code": code}))
    assert await next_texts(visitor, 1) == ["een"]
    assert server.tokens == 1


async def test_a_stream_that_ends_for_its_token_is_opened_with_a_new_one(
    visitor: Visitor, server: ScriptedServer
) -> None:
    says(server, "een")
    server.streams.append(event("e", {"code": "token"}))
    assert await next_texts(visitor, 1) == ["een"]
    assert server.tokens == 2


async def test_what_a_token_grants_is_asked_again_when_it_changed(
    visitor: Visitor, server: ScriptedServer
) -> None:
    says(server, "een")
    server.streams.append(event("g", {}))
    assert await next_texts(visitor, 1) == ["een"]
    assert server.tokens == 2


async def test_a_stream_that_a_newer_one_replaced_ends(
    visitor: Visitor, server: ScriptedServer
) -> None:
    server.streams.append(event("e", {"code": "replaced"}))
    with pytest.raises(StreamEnded) as ended:
        await anext(visitor.events)
    assert ended.value.code == "replaced"


async def test_an_event_of_a_later_version_is_passed_over(
    visitor: Visitor, server: ScriptedServer
) -> None:
    says(server, "een")
    server.streams.append(event("z", {"new": True}) + b": a comment\n\n" + server.frame(1))
    assert await next_texts(visitor, 1) == ["een"]


@pytest.mark.parametrize(
    "nonsense",
    [
        b"event: m\ndata: {\n\n",
        b"event: m\ndata: []\n\n",
        event("m", {}),
        event("s", {"conv": "x"}),
        event("m", {"conv": "f" * 32, "seq": 1, "id": "", "from": "v", "n": 1, "at": 1, "env": ""}),
    ],
)
async def test_nonsense_is_named_and_not_passed_over(
    visitor: Visitor, server: ScriptedServer, nonsense: bytes
) -> None:
    server.streams.append(nonsense)
    with pytest.raises(ProtocolBroken):
        await anext(visitor.events)


@pytest.mark.parametrize("change", [{"seq": "1"}, {"n": 1.0}, {"n": True}, {"at": None}], ids=str)
async def test_a_number_that_is_none_is_refused(
    visitor: Visitor, server: ScriptedServer, change: dict[str, object]
) -> None:
    says(server, "een")
    server.streams.append(event("m", {**server.log[0], **change}))
    with pytest.raises(ProtocolBroken):
        await anext(visitor.events)


@pytest.mark.parametrize("change", [{"env": "="}, {"n": 2}, {"from": "v"}, {"id": 7}], ids=str)
async def test_a_message_that_does_not_open_is_told_and_never_skipped(
    visitor: Visitor, server: ScriptedServer, change: dict[str, object]
) -> None:
    says(server, "een", "twee")
    server.log[0] |= change
    first, second = await next_texts(visitor, 2)
    assert (first, second) == (None, "twee")


async def test_the_events_end_when_they_are_closed(visitor: Visitor) -> None:
    waiting = asyncio.create_task(anext(visitor.events, None))
    await asyncio.sleep(0.05)
    visitor.close()
    assert await asyncio.wait_for(waiting, 1) is None
