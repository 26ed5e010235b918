"""Handing over, notes, the team room, calls for help and blocks, by the protocol."""

import secrets
from typing import Any

import pytest

from havenlight.core.ids import new_id
from tests.integration.live.wire import Desk, Side, Wire, b64


def aside(**changed: object) -> dict[str, Any]:
    return {"id": new_id(), "epoch": 1, "sealed": b64(secrets.token_bytes(81 + 256))} | changed


async def on_duty(wire: Wire, number: int, at: int = -1) -> tuple[Desk, str]:
    desk = await wire.member(number, at=at)
    assert (await desk.post("standing", {"standing": "on"})).status == 200
    keys = await wire.ask("GET", "/desk/keys", headers={"Cookie": desk.cookie})
    return desk, keys.fields["member"]


async def offers(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await desk.post("token")).fields["offers"]
    return found


async def test_a_conversation_changes_hands_only_when_it_is_taken(wire: Wire) -> None:
    visitor = await wire.visitor()
    anna, _ = await on_duty(wire, 0, at=0)
    bram, bram_id = await on_duty(wire, 1)
    side = await anna.side_of(visitor.conv)
    await side.kept()
    seen = await visitor.open()
    told = await seen.until("s", lambda data: data["state"] == "active")
    assert told["alias"] == "Anna"
    path = f"conversations/{visitor.conv}"
    assert (await anna.post(f"{path}/hand-over", {"to": bram_id, "reason": "shift"})).status == 204
    (offer,) = [one for one in await offers(bram) if one["conv"] == visitor.conv]
    assert (offer["by"], offer["to"], offer["mine"], offer["reason"]) == (
        "Anna",
        "Bram",
        False,
        "shift",
    )
    # Until then it is Anna's.
    await side.kept()
    taken = await bram.post(f"hand-overs/{offer['id']}/take")
    assert taken.fields["conversation"]["conv"] == visitor.conv
    assert (await seen.until("s", lambda data: data["alias"] == "Bram"))["state"] == "active"
    assert (await side.say()).refusal == (404, "unknown")
    his = Side(wire, visitor.conv, taken.fields["token"], bram.at)
    await his.kept()
    assert (await bram.post(f"hand-overs/{offer['id']}/take")).refusal == (409, "ended")
    assert (await anna.post(f"{path}/notes")).refusal == (404, "unknown")


async def test_an_offer_can_be_declined_withdrawn_and_made_again(wire: Wire) -> None:
    visitor = await wire.visitor()
    anna, anna_id = await on_duty(wire, 0, at=0)
    bram, bram_id = await on_duty(wire, 1)
    await anna.side_of(visitor.conv)
    path = f"conversations/{visitor.conv}"
    offer = {"to": bram_id, "reason": "load"}
    for end in ("decline", "withdraw"):
        assert (await anna.post(f"{path}/hand-over", offer)).status == 204
        (open_one,) = [one for one in await offers(bram) if one["conv"] == visitor.conv]
        if end == "decline":
            assert (await bram.post(f"hand-overs/{open_one['id']}/decline")).status == 204
        else:
            assert (await anna.post(f"{path}/keep")).status == 204
        assert [one for one in await offers(bram) if one["conv"] == visitor.conv] == []
    assert (await bram.post(f"{path}/hand-over", offer)).refusal == (404, "unknown")
    for wrong in ({"to": anna_id}, {"to": new_id()}):
        assert (await anna.post(f"{path}/hand-over", offer | wrong)).refusal == (404, "unknown")
    await bram.post("standing", {"standing": "off"})
    assert (await anna.post(f"{path}/hand-over", offer)).refusal == (404, "unknown")


async def test_a_note_is_for_the_thread_and_kept_once(wire: Wire) -> None:
    visitor, anna = await wire.visitor(), await wire.member(0)
    await anna.side_of(visitor.conv)
    note, path = aside(), f"conversations/{visitor.conv}/notes"
    for _ in range(2):
        assert (await anna.post(f"{path}/keep", note)).status == 204
    (kept,) = (await anna.post(path)).fields["notes"]
    assert (kept["id"], kept["sealed"], kept["author"]) == (note["id"], note["sealed"], "Anna")
    other = aside(id=note["id"])
    assert (await anna.post(f"{path}/keep", other)).refusal == (409, "id_reused")
    bram = await wire.member(1)
    assert (await bram.post(path)).refusal == (404, "unknown")
    assert (await bram.post(f"{path}/keep", aside())).refusal == (404, "unknown")


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"sealed": "not sealed at all"}, (400, "malformed")),
        ({"sealed": b64(b"too short")}, (400, "malformed")),
        ({"sealed": b64(bytes(81 + 256 * 48))}, (413, "too_large")),
        ({"epoch": 99}, (409, "epoch")),
        ({"epoch": True}, (400, "malformed")),
        ({"id": "1"}, (400, "malformed")),
    ],
)
async def test_what_has_not_the_form_of_a_sealed_note_is_refused(
    wire: Wire, changed: dict[str, object], refusal: tuple[int, str]
) -> None:
    anna = await wire.member(0)
    assert (await anna.post("room/say", aside(**changed))).refusal == refusal


async def test_the_room_reaches_every_desk_and_no_visitor(wire: Wire) -> None:
    visitor = await wire.visitor()
    anna, bram = await wire.member(0, at=0), await wire.member(1)
    await anna.side_of(visitor.conv)
    hers, his = await visitor.open(), await bram.open()
    message = aside()
    assert (await anna.post("room/say", message)).status == 204
    told = await his.until("k", lambda data: data.get("id") == message["id"])
    assert (told["kind"], told["alias"], told["sealed"]) == ("room", "Anna", message["sealed"])
    said = (await bram.post("room")).fields["messages"]
    assert message["id"] in [one["id"] for one in said]

    assert (await anna.post("help", {"conv": visitor.conv})).status == 204
    call = (await his.until("k", lambda data: data["kind"] == "help"))["calls"][-1]
    assert (call["alias"], call["conv"], call["answered_by"]) == ("Anna", visitor.conv, None)
    assert (await bram.post(f"help/{call['id']}/settle")).status == 204
    come = await his.until("k", lambda data: data["kind"] == "help")
    assert come["calls"][-1]["answered_by"] == "Bram"
    # What comes to her after all that shows that none of it came before.
    await visitor.kept()
    await hers.until("m")
    assert "k" not in {frame.name for frame in hers.seen}


async def test_a_block_ends_it_and_only_a_coordinator_reviews_it(wire: Wire) -> None:
    visitor, anna = await wire.visitor(), await wire.member(0)
    await anna.side_of(visitor.conv)
    path, coordinator = f"conversations/{visitor.conv}", await wire.member(3)
    told = await coordinator.open()
    assert (await anna.post(f"{path}/block", {"reason": "hate", "hours": 5})).status == 400
    assert (await anna.post(f"{path}/block", {"reason": "hate", "hours": 24})).status == 204
    # At once, and not when her token is renewed: whoever is blocked wrongly waits meanwhile.
    await told.until("g", lambda _: True)
    assert (await visitor.say()).refusal == (409, "ended")
    assert (await anna.post(f"{path}/review", {"verdict": "lifted"})).refusal == (404, "unknown")
    waiting = (await coordinator.post("token")).fields["reviews"]
    assert visitor.conv in [one["conv"] for one in waiting]
    assert (await coordinator.post(f"{path}/review", {"verdict": "lifted"})).status == 204
    waiting = (await coordinator.post("token")).fields["reviews"]
    assert visitor.conv not in [one["conv"] for one in waiting]


async def test_risk_and_doubt_are_kept_with_what_was_done(wire: Wire) -> None:
    visitor, anna = await wire.visitor(), await wire.member(0)
    await anna.side_of(visitor.conv)
    path = f"conversations/{visitor.conv}"

    async def hers() -> dict[str, Any]:
        answer = await anna.post("token")
        found = [one for one in answer.fields["conversations"] if one["conv"] == visitor.conv]
        return dict(found[0])

    steps = ["coordinator", "danger_now"]
    assert (await anna.post(f"{path}/risk", {"steps": steps})).status == 204
    # In the order of the protocol, whatever the order of the ticks.
    assert (await hers())["risk"] == ["danger_now", "coordinator"]
    assert (await anna.post(f"{path}/risk", {"steps": None})).status == 204
    assert (await hers())["risk"] is None
    for wrong in (["danger_now", "danger_now"], ["nothing"], "danger_now", [[]]):
        assert (await anna.post(f"{path}/risk", {"steps": wrong})).status == 400
    assert (await anna.post(f"{path}/insincere", {"reason": "copied"})).status == 204
    assert (await hers())["insincere"] == "copied"
    assert (await anna.post(f"{path}/insincere", {"reason": None})).status == 204
    assert (await hers())["insincere"] == ""
