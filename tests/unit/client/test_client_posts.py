"""A message is sealed once, and sent unchanged until it is answered."""

import asyncio

import pytest

from havenlight.client import Behind, ServerRefused, Visitor
from havenlight.core.seal.errors import TextRefused
from tests.unit.client.scripted import ScriptedServer


@pytest.mark.parametrize("failure", [503, 429, "lost", "kept and lost"])
async def test_a_message_is_sent_unchanged_until_it_is_answered(
    visitor: Visitor, server: ScriptedServer, failure: int | str
) -> None:
    server.posts.append(failure)
    kept = await visitor.say("hoi")
    assert kept.seq == 1
    assert server.posted == [server.posted[0]] * 2
    assert len(server.log) == 1


async def test_a_refused_token_is_renewed_and_the_same_sent_again(
    visitor: Visitor, server: ScriptedServer
) -> None:
    server.posts.append(401)
    await visitor.say("hoi")
    assert server.bearers == ["Bearer token-1", "Bearer token-2"]
    assert server.posted[0] == server.posted[1]


async def test_a_token_that_is_refused_twice_is_final(
    visitor: Visitor, server: ScriptedServer
) -> None:
    server.posts.extend([401, 401])
    with pytest.raises(ServerRefused) as refused:
        await visitor.say("hoi")
    assert (refused.value.status, refused.value.code) == (401, "token")


async def test_what_is_refused_for_good_uses_up_no_counter(
    visitor: Visitor, server: ScriptedServer
) -> None:
    server.posts.append(400)
    with pytest.raises(ServerRefused):
        await visitor.say("een")
    await visitor.say("twee")
    assert [body["n"] for body in server.posted] == [1, 1]
    assert server.posted[0]["id"] != server.posted[1]["id"]


async def test_a_counter_that_another_tab_used_asks_for_reading_first(
    visitor: Visitor, server: ScriptedServer
) -> None:
    server.posts.append(409)
    with pytest.raises(Behind):
        await visitor.say("hoi")


async def test_what_was_given_up_is_sent_before_what_comes_next(
    visitor: Visitor, server: ScriptedServer
) -> None:
    server.posts.extend(["kept and lost", *[503] * 20])
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(visitor.say("een"), 0.3)
    server.posts.clear()
    assert (await visitor.say("twee")).seq == 2
    assert [message["n"] for message in server.log] == [1, 2]


async def test_messages_said_at_once_go_one_after_the_other(
    visitor: Visitor, server: ScriptedServer
) -> None:
    server.posts.append(503)
    kept = await asyncio.gather(*(visitor.say(text) for text in ("een", "twee", "drie")))
    assert [one.seq for one in kept] == [1, 2, 3]
    assert [message["n"] for message in server.log] == [1, 2, 3]


async def test_a_text_that_cannot_be_sent_is_refused_before_it_leaves(
    visitor: Visitor, server: ScriptedServer
) -> None:
    with pytest.raises(TextRefused):
        await visitor.say("x" * 2_001)
    assert server.posted == []
    assert (await visitor.say("hoi")).seq == 1
