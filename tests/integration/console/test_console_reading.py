"""Reading a conversation that is not one's own: seen by both, with a reason, audited."""

import secrets
from typing import Any

from havenlight.core.ids import new_id
from tests.integration.live.wire import Answer, Desk, Events, Side, Wire, b64

COORDINATOR = 3


def aside(**changed: object) -> dict[str, Any]:
    return {"id": new_id(), "epoch": 1, "sealed": b64(secrets.token_bytes(81 + 256))} | changed


async def talk_of_anna(wire: Wire) -> tuple[Side, Side, Desk]:
    """A visitor, Anna's side of her conversation, and Anna's desk."""
    visitor, anna = await wire.visitor(), await wire.member(0)
    return visitor, await anna.side_of(visitor.conv), anna


async def read(desk: Desk, conv: str, reason: str = "safety") -> Answer:
    return await desk.post(f"conversations/{conv}/read", {"reason": reason})


async def told_of_reader(events: Events, reader: str | None) -> dict[str, Any]:
    return await events.until("s", lambda data: data["reader"] == reader)


async def test_who_reads_along_is_told_to_both_and_writes_nothing(wire: Wire) -> None:
    visitor, side, _ = await talk_of_anna(wire)
    coordinator = await wire.member(COORDINATOR)
    said = await visitor.kept()
    hers, theirs = await visitor.open(), await side.open()
    await told_of_reader(hers, None)
    granted = (await read(coordinator, visitor.conv)).fields
    await told_of_reader(hers, "Coordinator")
    await told_of_reader(theirs, "Coordinator")
    along = Side(wire, visitor.conv, granted["token"], coordinator.at)
    reading = await along.open()
    assert (await reading.until("m"))["seq"] == said
    assert (await reading.until("m") if await side.kept() else {})["seq"] == said + 1
    for verb in ("m", "r", "t", "leave"):
        assert (await along.post(verb)).refusal == (404, "unknown")
    # Nobody is told that she is there, or gone, as one who answers would be.
    assert {frame.data.get("who") for frame in hers.seen if frame.name == "a"} <= {"c"}
    path = f"conversations/{visitor.conv}/read"
    assert (await coordinator.post(f"{path}/on")).status == 200
    assert (await coordinator.post(f"{path}/stop")).status == 204
    await told_of_reader(hers, None)
    # Once both are told that she reads no more, she can read no more.
    assert (await reading.until("e"))["code"] == "token"
    assert [frame.name for frame in await (await along.open()).rest()] == ["e"]
    assert (await coordinator.post(f"{path}/on")).refusal == (404, "unknown")
    for events in (hers, theirs):
        events.close()


async def test_reading_along_ends_with_the_conversation_and_only_one_reads(wire: Wire) -> None:
    visitor, side, _ = await talk_of_anna(wire)
    coordinator, bram = await wire.member(COORDINATOR), await wire.member(1)
    assert (await read(bram, visitor.conv)).refusal == (404, "unknown")
    assert (await read(coordinator, visitor.conv, "curiosity")).status == 400
    assert (await read(coordinator, new_id())).refusal == (404, "unknown")
    granted = (await read(coordinator, visitor.conv)).fields
    reading = await Side(wire, visitor.conv, granted["token"], coordinator.at).open()
    await side.post("leave", {"how": "leave"})
    assert [frame.data["code"] for frame in await reading.rest() if frame.name == "e"] == ["token"]
    on = await coordinator.post(f"conversations/{visitor.conv}/read/on")
    assert on.refusal == (404, "unknown")


async def test_a_closed_conversation_is_given_whole_to_a_coordinator_alone(wire: Wire) -> None:
    visitor, side, anna = await talk_of_anna(wire)
    seqs = [await visitor.kept(), await side.kept()]
    await side.post("leave", {"how": "leave"})
    coordinator, bram = await wire.member(COORDINATOR), await wire.member(1)
    for desk in (bram, anna):
        assert (await read(desk, visitor.conv)).refusal == (404, "unknown")
    answer = (await read(coordinator, visitor.conv, "complaint")).fields
    assert [message["seq"] for message in answer["messages"]] == seqs
    assert answer["conversation"]["wrap"]
    assert "token" not in answer


async def test_whispers_reach_the_two_members_and_never_the_visitor(wire: Wire) -> None:
    visitor, side, anna = await talk_of_anna(wire)
    coordinator, bram = await wire.member(COORDINATOR), await wire.member(1)
    hers, theirs = await visitor.open(), await side.open()
    bystander = await bram.open()
    path = f"conversations/{visitor.conv}/whisper"
    assert (await anna.post(path, aside())).refusal == (404, "unknown")
    granted = (await read(coordinator, visitor.conv)).fields
    reading = await Side(wire, visitor.conv, granted["token"], coordinator.at).open()
    for desk in (coordinator, anna):
        written = aside()
        assert (await desk.post(path, written)).status == 204
        assert (await desk.post(path, written)).status == 204
        for events in (theirs, reading):
            heard = await events.until("k", lambda data: data["kind"] == "whisper")
            assert (heard["id"], heard["sealed"]) == (written["id"], written["sealed"])
    assert (await bram.post(path, aside())).refusal == (404, "unknown")
    assert (await bram.post(f"{path}s")).refusal == (404, "unknown")
    assert len((await anna.post(f"{path}s")).fields["whispers"]) == 2
    await visitor.kept()
    await hers.until("m")
    assert {frame.name for frame in hers.seen} <= {"s", "r", "a", "m", "t", "q"}
    await bram.post("room/say", aside())
    await bystander.until("k", lambda data: data["kind"] == "room")
    assert "whisper" not in {frame.data.get("kind") for frame in bystander.seen}
    for events in (hers, theirs, reading, bystander):
        events.close()
