"""Opening a stream again loses, doubles and reorders nothing."""

import asyncio

import pytest

from tests.integration.live.wire import Side, Wire, message


async def kept_by_turns(sides: tuple[Side, Side], count: int) -> None:
    for number in range(count):
        await sides[number % 2].kept()


def seqs(frames: list[dict[str, object]]) -> list[object]:
    return [frame["seq"] for frame in frames]


@pytest.mark.parametrize("held", [0, 3, 6])
async def test_since_gives_what_came_after_it_and_nothing_twice(wire: Wire, held: int) -> None:
    visitor, anna = await wire.talking()
    await kept_by_turns((visitor, anna), 6)
    for side in (visitor, anna):
        stream = await side.open(f"?since={side.conv}:{held}")
        await anna.kept()
        last = 7 if side is visitor else 8
        assert seqs(await stream.messages(last - held)) == list(range(held + 1, last + 1))


async def test_last_event_id_resumes_a_visitor_as_a_browser_does(wire: Wire) -> None:
    visitor, anna = await wire.talking()
    await kept_by_turns((visitor, anna), 4)
    stream = await visitor.open(headers={"Last-Event-ID": "3"})
    assert seqs(await stream.messages(1)) == [4]


async def test_more_than_a_page_of_history_comes_whole_and_in_order(roomy: Wire) -> None:
    visitor, anna = await roomy.talking()
    await kept_by_turns((visitor, anna), 210)
    stream = await visitor.open()
    assert seqs(await stream.messages(210)) == list(range(1, 211))


async def test_streams_opened_while_messages_come_have_each_exactly_once(roomy: Wire) -> None:
    visitor, anna = await roomy.talking()

    async def write(side: Side) -> None:
        for _ in range(60):
            await side.kept()

    async def read(side: Side) -> list[object]:
        await asyncio.sleep(0.05)
        return seqs(await (await side.open()).messages(120))

    readers = [read(side) for side in (visitor, anna) for _ in range(3)]
    _, _, *found = await asyncio.gather(write(visitor), write(anna), *readers)
    assert found == [list(range(1, 121))] * 6


async def test_a_client_that_drops_at_every_message_has_each_exactly_once(roomy: Wire) -> None:
    visitor, anna = await roomy.talking()
    # Few, since each time she is also sent what all other tests said to her.
    writing = asyncio.create_task(kept_by_turns((visitor, anna), 20))
    held: list[int] = []
    while len(held) < 20:
        last = held[-1] if held else 0
        stream = await anna.open(f"?since={anna.conv}:{last}")
        held.append((await stream.until("m"))["seq"])
        stream.close()
    await writing
    assert held == list(range(1, 21))


async def test_since_names_conversations_one_by_one_and_those_not_hers_are_passed_over(
    wire: Wire,
) -> None:
    anna = await wire.member()
    first, second, other = [await wire.visitor() for _ in range(3)]
    for visitor in (first, second):
        await anna.side_of(visitor.conv)
        await visitor.kept()
        await visitor.kept()
    stream = await anna.open(f"?since={first.conv}:1,{second.conv}:2,{other.conv}:9")
    told = await stream.until("m", lambda one: one["conv"] in {first.conv, second.conv})
    assert (told["conv"], told["seq"]) == (first.conv, 2)
    await second.kept()
    told = await stream.until("m", lambda one: one["conv"] in {first.conv, second.conv})
    assert (told["conv"], told["seq"]) == (second.conv, 3)


async def test_a_poll_is_answered_with_what_there_is_and_ends(wire: Wire) -> None:
    visitor, anna = await wire.talking()
    await kept_by_turns((visitor, anna), 3)
    frames = await (await visitor.open("?poll=1")).rest()
    assert [frame.data["seq"] for frame in frames if frame.name == "m"] == [1, 2, 3]
    assert frames[0].name == "s"


async def test_a_poll_with_nothing_new_waits_for_it(wire: Wire) -> None:
    visitor, anna = await wire.talking()
    await anna.kept()
    poll = await visitor.open(f"?poll=1&since={visitor.conv}:1")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await poll.rest()
    posted = message(n=2)
    await anna.post("m", posted)
    assert [frame.data["id"] for frame in await poll.rest() if frame.name == "m"] == [posted["id"]]


@pytest.mark.long
async def test_a_poll_with_nothing_new_ends_after_25_seconds(wire: Wire) -> None:
    visitor = await wire.visitor()
    poll = await visitor.open("?poll=1")
    loop = asyncio.get_running_loop()
    began = loop.time()
    await poll.rest()
    assert 20 <= loop.time() - began <= 30


@pytest.mark.long
async def test_a_quiet_stream_says_something_about_every_20_seconds(wire: Wire) -> None:
    visitor = await wire.visitor()
    stream = await visitor.open()
    await stream.for_seconds(1)
    # The client of these tests gives up after 20 s of silence, and comments keep it from that.
    await stream.for_seconds(50)
    await visitor.kept()
    await stream.until("m")
