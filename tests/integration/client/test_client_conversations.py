"""Visitors and members talk, through the product's own server."""

import asyncio

import pytest

from havenlight.client import (
    Behind,
    Link,
    Member,
    Message,
    Presence,
    Queue,
    ReadUpTo,
    ServerRefused,
    SignInRefused,
    State,
    Typing,
    Visitor,
    Wait,
    cookie_jar,
)
from havenlight.core.seal.errors import ManifestRefused, SealBroken
from tests.integration.client.people import People, at_once, state, texts, until, waits_in


async def test_a_visitor_waits_is_answered_and_both_read_each_other(people: People) -> None:
    anna, visitor = await people.member(), await people.visitor()
    await visitor.tap(for_whom="self", in_danger=False, under_18=True)
    await visitor.say("mag ik vast typen?")
    await waits_in(anna, visitor.conv)
    await anna.accept(visitor.conv)
    answered = await state(visitor.events, visitor.conv, "active")
    assert answered.alias == "Anna"
    assert await texts(anna, visitor.conv, 1) == ["mag ik vast typen?"]
    await anna.say(visitor.conv, "natuurlijk")
    await visitor.say("fijn")
    assert await texts(anna, visitor.conv, 2) == ["natuurlijk", "fijn"]
    assert await texts(visitor.events, visitor.conv, 3) == [
        "mag ik vast typen?",
        "natuurlijk",
        "fijn",
    ]


async def test_the_queue_says_what_was_tapped_and_the_visitor_how_long_it_takes(
    people: People,
) -> None:
    anna, visitor = await people.member(), await people.visitor()
    await visitor.tap(for_whom="other", in_danger=True)
    queue = await until(
        anna,
        Queue,
        lambda queue: any(
            (one["conv"], one["for_whom"], one["in_danger"], one["under_18"])
            == (visitor.conv, "other", True, None)
            for one in queue.waiting
        ),
    )
    assert all("wrap" not in one for one in queue.waiting)
    assert await until(visitor.events, Wait)


async def test_a_visitor_who_leaves_while_she_waits_has_abandoned(people: People) -> None:
    visitor = await people.visitor()
    await visitor.leave()
    over = await state(visitor.events, visitor.conv, "abandoned")
    assert over.by == "visitor"
    with pytest.raises(ServerRefused) as refused:
        await visitor.say("toch nog")
    assert refused.value.code == "ended"


async def test_leaving_by_the_exit_is_told_to_the_member(people: People) -> None:
    visitor, anna = await people.talking()
    await visitor.leave("exit")
    over = await state(anna, visitor.conv, "ended")
    assert over.by == "exit"


async def test_a_member_who_ends_it_ends_it_for_both(people: People) -> None:
    visitor, anna = await people.talking()
    await anna.end(visitor.conv)
    assert (await state(visitor.events, visitor.conv, "ended")).by == "member"
    assert (await state(anna, visitor.conv, "ended")).by == "member"
    for said in await at_once(visitor.say("nog iets"), anna.say(visitor.conv, "nog iets")):
        assert isinstance(said, ServerRefused)
        assert said.code == "ended"


async def test_one_of_two_members_gets_the_conversation_and_the_other_is_told(
    people: People,
) -> None:
    anna, bram, visitor = await people.member(0), await people.member(1), await people.visitor()
    outcomes = await at_once(anna.accept(visitor.conv), bram.accept(visitor.conv))
    refused = [one for one in outcomes if isinstance(one, ServerRefused)]
    assert [one.code for one in refused] == ["taken"]
    assert len(outcomes) - len(refused) == 1
    assert len(anna.conversations | bram.conversations) >= 1


async def test_both_sides_see_typing_reading_and_who_is_there(people: People) -> None:
    visitor, anna = await people.talking()
    kept = await visitor.say("hoi")
    assert await texts(anna, visitor.conv, 1) == ["hoi"]
    assert await until(visitor.events, Presence, lambda one: one.who == "c" and one.on)
    await anna.typing(visitor.conv)
    assert await until(visitor.events, Typing, lambda one: one.who == "c")
    await anna.read(visitor.conv, kept.seq)
    assert await until(visitor.events, ReadUpTo, lambda one: (one.who, one.seq) == ("c", kept.seq))
    visitor.close()
    assert await until(anna, Presence, lambda one: one.conv == visitor.conv and not one.on)


async def test_a_reload_goes_on_from_the_secret_of_the_tab(people: People) -> None:
    visitor, anna = await people.talking()
    await visitor.say("een")
    await anna.say(visitor.conv, "twee")
    again = await people.reloaded(visitor)
    assert await texts(again.events, visitor.conv, 2) == ["een", "twee"]
    await again.say("drie")
    assert await texts(anna, visitor.conv, 3) == ["een", "twee", "drie"]


async def test_a_wrong_secret_opens_nothing(people: People) -> None:
    visitor = await people.visitor()
    with pytest.raises(ServerRefused) as refused:
        await Visitor.reload(await people.link(), visitor.conv, bytes(32))
    assert refused.value.code == "unknown"


async def test_a_tab_that_is_behind_is_told_to_read_first(people: People) -> None:
    visitor = await people.visitor()
    await visitor.say("een")
    again = await people.reloaded(visitor)
    with pytest.raises(Behind):
        await again.say("twee")
    assert await texts(again.events, visitor.conv, 1) == ["een"]
    assert (await again.say("twee")).seq == 2


async def test_a_member_signs_in_again_and_finds_her_conversations(people: People) -> None:
    visitor, _anna = await people.talking()
    await visitor.say("ben je er nog?")
    again = await people.member()
    assert visitor.conv in again.conversations
    message = await until(again, Message, lambda one: one.conv == visitor.conv)
    assert message.text == "ben je er nog?"


async def test_connections_that_drop_lose_double_and_reorder_nothing(people: People) -> None:
    visitor, anna = await people.talking()
    said = [str(number) for number in range(8)]
    for number, text in enumerate(said):
        await (visitor.say(text) if number % 2 else anna.say(visitor.conv, text))
        visitor.drop()
        if number % 3 == 0:
            anna.drop()
    assert await texts(visitor.events, visitor.conv, len(said)) == said
    assert await texts(anna, visitor.conv, len(said)) == said


async def test_a_member_talks_in_several_conversations_at_once(people: People) -> None:
    anna = await people.member()
    visitors = [await people.visitor() for _ in range(5)]
    for visitor in visitors:
        await anna.accept(visitor.conv)
    await asyncio.gather(*(visitor.say(visitor.conv) for visitor in visitors))
    convs = {visitor.conv for visitor in visitors}
    for _ in visitors:
        message = await until(anna, Message, lambda one: one.conv in convs)
        assert message.text == message.conv
        await anna.say(message.conv, "ik ben er")
        convs.remove(message.conv)
    for visitor in visitors:
        assert await texts(visitor.events, visitor.conv, 2) == [visitor.conv, "ik ben er"]


async def test_a_wrong_password_or_phrase_opens_nothing(people: People) -> None:
    anna, bram, *_ = people.installation.sign_ins
    with pytest.raises(SignInRefused):
        await Member.sign_in(await people.link(cookie_jar()), anna["email"], "wrong")
    link = await people.link(cookie_jar())
    member = await Member.sign_in(link, anna["email"], anna["password"])
    with pytest.raises(SealBroken):
        await member.unlock(bram["phrase"], people.organisation, allow_demo=True)


async def test_keys_that_a_server_made_are_refused_outside_the_demo(people: People) -> None:
    link = await people.link(cookie_jar())
    with pytest.raises(ManifestRefused, match="demo"):
        await Visitor.start(link, people.organisation)
    anna = people.installation.sign_ins[0]
    member = await Member.sign_in(link, anna["email"], anna["password"])
    with pytest.raises(ManifestRefused, match="demo"):
        await member.unlock(anna["phrase"], people.organisation)


async def test_a_request_from_another_origin_is_refused(people: People) -> None:
    await people.link()
    # The same server by a name that is none of its origins: those are in small letters.
    elsewhere = people.installation.address.replace("127.0.0.1", "LOCALHOST")
    async with Link(elsewhere) as link:
        with pytest.raises(ServerRefused) as refused:
            await Visitor.start(link, people.organisation, allow_demo=True)
    assert (refused.value.status, refused.value.code) == (403, "origin")


async def test_a_stranger_sees_nothing_of_a_conversation(people: People) -> None:
    visitor, anna = await people.talking()
    stranger = await people.visitor()
    for verb, body in (("r", {"seq": 1}), ("leave", {"how": "leave"})):
        with pytest.raises(ServerRefused) as refused:
            await stranger.events.post(visitor.conv, verb, body)
        assert refused.value.code == "unknown"
    await visitor.say("alleen voor Anna")
    assert await texts(anna, visitor.conv, 1) == ["alleen voor Anna"]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await until(stranger.events, Message)


async def test_states_name_who_answers_only_once_someone_does(people: People) -> None:
    visitor = await people.visitor()
    waiting = await until(visitor.events, State)
    assert (waiting.state, waiting.by, waiting.alias) == ("waiting", None, None)
