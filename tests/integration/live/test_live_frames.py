"""Every event of docs/protocol.md, section 5, to whom it is for; also across two processes."""

import re

from havenlight.core.ids import is_id
from tests.integration.live.wire import Frame, Wire, message


def of_kind(name: str, frames: list[Frame]) -> list[dict[str, object]]:
    return [frame.data for frame in frames if frame.name == name]


async def test_a_stream_begins_with_how_long_to_wait_before_it_is_opened_again(wire: Wire) -> None:
    visitor = await wire.visitor()
    stream = await visitor.open()
    assert stream.response.headers["Content-Type"] == "text/event-stream"
    assert stream.response.headers["X-Accel-Buffering"] == "no"
    assert stream.response.headers["Cache-Control"] == "no-store, no-transform"
    assert stream.response.headers.get("Content-Encoding") is None
    await stream.until("s")
    assert 1_000 <= stream.retry_ms <= 3_000


async def test_a_stream_tells_state_marks_and_presence_before_the_messages(wire: Wire) -> None:
    visitor, anna = await wire.talking()
    await visitor.kept()
    await anna.kept()
    assert (await anna.post("r", {"seq": 1})).status == 204
    frames: list[Frame] = []
    stream = await visitor.open()
    while [frame.name for frame in frames].count("m") < 2:
        frame = await stream.next()
        assert frame
        frames.append(frame)
    names = [frame.name for frame in frames]
    assert names[0] == "s"
    assert max(names.index("r"), names.index("a")) < names.index("m")
    conv = visitor.conv
    state = {"state": "active", "by": None, "alias": "Anna", "reader": None}
    assert frames[0].data == {"conv": conv} | state
    assert of_kind("r", frames) == [
        {"conv": conv, "who": "v", "seq": 0},
        {"conv": conv, "who": "c", "seq": 1},
    ]
    assert [one["who"] for one in of_kind("a", frames)] == ["c"]


async def test_a_message_goes_to_every_stream_of_both_sides_with_the_bytes_it_came_in(
    wire: Wire,
) -> None:
    visitor, anna = await wire.talking()
    streams = [await visitor.open(), await visitor.open(at=-1), await anna.open(at=0)]
    posted = message()
    answer = await visitor.post("m", posted)
    for stream in streams:
        told = await stream.until("m")
        assert told == {
            "conv": visitor.conv,
            "seq": 1,
            "id": posted["id"],
            "from": "v",
            "n": 1,
            "at": answer.fields["at"],
            "env": posted["env"],
        }
        assert stream.seen[-1].id == "1"
    assert answer.fields == {"id": posted["id"], "seq": 1, "at": told["at"]}


async def test_a_member_is_named_by_the_id_of_her_key(wire: Wire) -> None:
    visitor, anna = await wire.talking()
    stream = await visitor.open()
    await anna.kept()
    told = await stream.until("m")
    assert re.fullmatch(r"c:[0-9a-f]{16}", told["from"])


async def test_each_change_of_state_is_told_to_both_with_who_and_by_whom(wire: Wire) -> None:
    visitor = await wire.visitor()
    stream = await visitor.open()
    nobody = {"by": None, "alias": None, "reader": None}
    waiting = {"conv": visitor.conv, "state": "waiting"} | nobody
    assert await stream.until("s") == waiting
    anna = await (await wire.member()).side_of(visitor.conv)
    assert await stream.until("s") == waiting | {"state": "active", "alias": "Anna"}
    hers = await anna.open()
    await hers.until("s")
    await visitor.post("leave", {"how": "exit"})
    ended = waiting | {"state": "ended", "by": "exit", "alias": "Anna"}
    assert await stream.until("s", lambda one: one["state"] == "ended") == ended
    assert await hers.until("s", lambda one: one["state"] == "ended") == ended


async def test_leaving_a_second_time_is_answered_alike_and_changes_nothing(wire: Wire) -> None:
    visitor, anna = await wire.talking()
    assert (await visitor.post("leave", {"how": "leave"})).status == 204
    assert (await visitor.post("leave", {"how": "exit"})).status == 204
    assert (await anna.post("leave", {"how": "leave"})).status == 204
    assert (await (await visitor.open()).until("s"))["by"] == "visitor"


async def test_who_leaves_while_she_waits_has_abandoned(wire: Wire) -> None:
    visitor = await wire.visitor()
    stream = await visitor.open()
    assert (await visitor.post("leave", {"how": "leave"})).status == 204
    told = await stream.until("s", lambda one: one["state"] != "waiting")
    assert (told["state"], told["by"]) == ("abandoned", "visitor")


async def test_read_marks_go_to_both_sides_only_forward_and_never_past_the_last_message(
    wire: Wire,
) -> None:
    visitor, anna = await wire.talking()
    stream, hers = await visitor.open(), await anna.open()
    for _ in range(3):
        await visitor.kept()
    for seq in (2, 1, 4, 3):
        assert (await anna.post("r", {"seq": seq})).status == 204
    for one in (stream, hers):
        marks = []
        while 3 not in marks:
            marks.append((await one.until("r", lambda mark: mark["who"] == "c"))["seq"])
        assert [mark for mark in marks if mark] in ([2, 3], [3])
    fresh = await visitor.open()
    assert (await fresh.until("r", lambda mark: mark["who"] == "c"))["seq"] == 3


async def test_typing_is_told_to_the_other_side_once_in_three_seconds(wire: Wire) -> None:
    visitor, anna = await wire.talking()
    stream, hers = await visitor.open(), await anna.open()
    await hers.until("s")
    for _ in range(5):
        assert (await visitor.post("t")).status == 204
    assert await hers.until("t") == {"conv": visitor.conv, "who": "v"}
    assert of_kind("t", await hers.for_seconds(0.5)) == []
    assert of_kind("t", await stream.for_seconds(0.5)) == []


async def test_presence_is_told_to_the_other_side_and_a_short_drop_is_not(wire: Wire) -> None:
    visitor, anna = await wire.talking()
    hers = await anna.open()
    first = await visitor.open()
    await hers.until("a", lambda one: (one["who"], one["on"]) == ("v", True))
    first.close()
    second = await visitor.open()
    drops = [one for one in of_kind("a", await hers.for_seconds(4)) if not one["on"]]
    assert drops == []
    second.close()
    gone = await hers.until("a", lambda one: not one["on"])
    assert gone == {"conv": visitor.conv, "who": "v", "on": False}
    assert of_kind("a", await (await visitor.open()).for_seconds(0.5))


async def test_a_second_tab_keeps_the_visitor_there(wire: Wire) -> None:
    visitor, anna = await wire.talking()
    hers = await anna.open()
    first, second = await visitor.open(), await visitor.open(at=-1)
    await second.until("s")
    await hers.until("a", lambda one: (one["who"], one["on"]) == ("v", True))
    first.close()
    told = of_kind("a", await hers.for_seconds(4.5))
    assert told == [] or told[-1]["on"]


async def test_a_waiting_visitor_is_told_a_range_or_that_none_can_be_said(wire: Wire) -> None:
    visitor = await wire.visitor()
    told = await (await visitor.open()).until("q")
    assert told.keys() == {"wait_from", "wait_to"}
    if told["wait_from"] is None:
        assert told["wait_to"] is None
    else:
        assert 0 <= told["wait_from"] < told["wait_to"]


async def test_a_member_sees_the_queue_without_any_key_and_a_visitor_does_not(wire: Wire) -> None:
    visitor = await wire.visitor()
    await wire.post("/chat/taps", {"in_danger": True}, token=visitor.token)
    stream = await visitor.open()
    hers = await (await wire.member()).open()
    mine = None
    while mine is None:
        queue = (await hers.until("w"))["waiting"]
        mine = next((one for one in queue if one["conv"] == visitor.conv), None)
    assert mine.keys() == {
        *("conv", "state", "epoch", "lang", "for_whom", "in_danger", "under_18"),
        *("waiting_since", "accepted_at", "away", "server_sealed", "thread", "returning", "wish"),
        *("ended_at", "by", "weight", "practice", "risk", "insincere"),
        *("letter", "has_code", "agreed_at"),
    }
    assert (mine["state"], mine["in_danger"], mine["under_18"]) == ("waiting", True, None)
    assert is_id(mine["conv"])
    assert of_kind("w", await stream.for_seconds(0.5)) == []


async def test_a_member_is_told_that_her_token_grants_more(wire: Wire) -> None:
    anna = await wire.member()
    before = await anna.open()
    visitor = await wire.visitor()
    await anna.side_of(visitor.conv)
    assert await before.until("g", lambda _: True) == {}
    after = await anna.open()
    await after.until("s", lambda one: one["conv"] == visitor.conv)


async def test_the_fifth_stream_of_a_visitor_replaces_her_oldest(wire: Wire) -> None:
    visitor = await wire.visitor()
    streams = [await visitor.open() for _ in range(5)]
    await streams[4].until("s")
    assert (await streams[0].rest())[-1] == Frame("e", {"code": "replaced"})
    await visitor.kept()
    for stream in streams[1:]:
        await stream.until("m")


async def test_a_member_who_signs_out_is_heard_and_told_no_more(wire: Wire) -> None:
    bram = await wire.member(1)
    wire.forget(1)
    visitor = await wire.visitor()
    side = await bram.side_of(visitor.conv)
    stream = await side.open()
    await stream.until("s")
    form = {"Content-Type": "application/x-www-form-urlencoded", "Referer": wire.address(-1) + "/"}
    out = await wire.post("/team/sign-out", b"", at=-1, headers=bram.headers | form)
    assert out.status in {200, 302}
    assert (await stream.rest())[-1] == Frame("e", {"code": "token"})
    assert (await side.say()).refusal == (401, "token")
