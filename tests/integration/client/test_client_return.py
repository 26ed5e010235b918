"""A visitor comes back by six words: docs/protocol.md, sections 2 and 4."""

import pytest

from havenlight.client import Back, Queue, ServerRefused, Visitor
from tests.integration.client.people import People, state, texts, until


async def back(people: People, words: str, **given: bool) -> Visitor:
    return await Visitor.start(
        await people.link(), people.organisation, allow_demo=True, back=Back(words, **given)
    )


async def test_who_comes_back_by_her_code_reads_what_was_said_and_is_the_same_person(
    people: People,
) -> None:
    visitor, anna = await people.talking()
    await visitor.say("tot morgen")
    await anna.say(visitor.conv, "tot morgen!")
    assert await texts(visitor.events, visitor.conv, 2) == ["tot morgen", "tot morgen!"]
    words = await visitor.take_code(people.organisation, "nl")
    await visitor.leave()

    again = await back(people, words.upper(), wish=True)
    (former,) = await again.former()
    assert (former.conv, former.alias) == (visitor.conv, "Anna")
    assert [message.text for message in former.messages] == ["tot morgen", "tot morgen!"]
    queue = await until(
        anna, Queue, lambda queue: any(one["conv"] == again.conv for one in queue.waiting)
    )
    (waiting,) = [one for one in queue.waiting if one["conv"] == again.conv]
    assert waiting["returning"] is True
    assert waiting["wish"]["alias"] == "Anna"

    await again.say("daar ben ik")
    third = await back(people, words)
    assert (await state(again.events, again.conv, "abandoned")).by == "visitor"
    assert [len(one.messages) for one in await third.former()] == [2, 1]
    await third.leave()


async def test_a_code_that_was_given_up_or_replaced_opens_nothing(people: People) -> None:
    visitor = await people.visitor()
    await visitor.say("hoi")
    first = await visitor.take_code(people.organisation)
    second = await visitor.take_code(people.organisation)
    with pytest.raises(ServerRefused, match="404 unknown"):
        await back(people, first)
    await visitor.give_up_code()
    with pytest.raises(ServerRefused, match="404 unknown"):
        await back(people, second)
    await visitor.leave()


async def test_who_took_no_code_finds_nothing_from_before(people: People) -> None:
    visitor = await people.visitor()
    assert await visitor.former() == []
    await visitor.leave()
