"""Away and back: within the grace nothing is lost, after it the conversation is closed."""

import asyncio
from collections.abc import Callable

from tests.integration.live.fixtures import MakeWire
from tests.integration.live.wire import TAB_KEY, Side, Wire
from tests.servers.installation import Installation


async def told_by_grace(wire: Wire, side: Side, state: str) -> None:
    """Its state is this one, and its tab's half of the key is gone."""
    stream = await side.open()
    told = await stream.until("s", lambda one: one["state"] not in {"waiting", "active"})
    assert (told["state"], told["by"]) == (state, "grace")
    answer = await wire.post("/chat/token", {"conv": side.conv, "tab_key": TAB_KEY})
    assert answer.refusal == (404, "unknown")


async def test_grace_closes_who_stays_away_and_keeps_who_comes_back(
    new_installation: Callable[..., Installation], make_wire: MakeWire
) -> None:
    """On both stores at once, since nearly all of it is waiting."""
    grace = {"WAITING_GRACE_SECONDS": "12", "ACTIVE_GRACE_SECONDS": "12", "PRESENCE_SECONDS": "1"}
    wires = [make_wire(new_installation(store, **grace)) for store in ("sqlite", "postgres")]
    async with asyncio.TaskGroup() as together:
        for wire in wires:
            together.create_task(closes_who_stays_away(wire))


async def closes_who_stays_away(wire: Wire) -> None:
    waits, gone_waiting, back = [await wire.visitor() for _ in range(3)]
    (stays, anna), (gone, annas) = await wire.talking(), await wire.talking()
    hers = await annas.open()
    streams = [await side.open() for side in (waits, stays)]
    for side in (gone_waiting, back, gone):
        stream = await side.open()
        await stream.until("s")
        stream.close()
    # Away twice, for longer than the grace in all, and back each time.
    await streams[0].for_seconds(7)
    stream = await back.open()
    await stream.until("s")
    stream.close()
    await streams[0].for_seconds(7)
    streams.append(await back.open())
    over = await hers.until("s", lambda one: one["conv"] == gone.conv and one["state"] == "ended")
    assert (over["by"], over["alias"]) == ("grace", "Anna")
    await told_by_grace(wire, gone_waiting, "abandoned")
    await told_by_grace(wire, gone, "ended")
    for side in (waits, stays, anna, back):
        assert (await side.say()).status == 200
    for stream in streams:
        await stream.until("m")
        assert {frame.data["state"] for frame in stream.seen if frame.name == "s"} <= {
            "waiting",
            "active",
        }
