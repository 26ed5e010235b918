"""The matrix of the hot path: every endpoint below /live/ as everyone who may ask."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass

from havenlight.core.tokens import READER
from havenlight.live.opening import BY, MEMBER, POSTS, STREAM, VISITOR
from tests.integration.live.fixtures import MakeWire
from tests.integration.live.wire import Answer, Fields, Side, Wire, message
from tests.servers.installation import Installation

COORDINATOR = 3
NO_TOKEN, OUT_OF_REACH = (401, "token"), (404, "unknown")

GOOD: dict[str, Callable[[], Fields]] = {
    "m": message,
    "r": lambda: {"seq": 1},
    "t": dict,
    "leave": lambda: {"how": "leave"},
}
"""What each post takes."""


@dataclass(frozen=True)
class Talk:
    """A conversation, and the tokens that are about: by their role, and those of others."""

    wire: Wire
    conv: str
    hers: dict[str, str]
    others: list[str]

    async def post(self, verb: str, token: str) -> Answer:
        """A good post to it."""
        return await Side(self.wire, self.conv, token, 0).post(verb, GOOD[verb]())


async def talk(wire: Wire) -> Talk:
    """Anna talks with a visitor, the coordinator reads along, others are elsewhere."""
    visitor, side = await wire.talking()
    bram, coordinator = await wire.member(1), await wire.member(COORDINATOR)
    reading = await coordinator.post(f"conversations/{visitor.conv}/read", {"reason": "safety"})
    hers = {VISITOR: visitor.token, MEMBER: side.token, READER: reading.fields["token"]}
    elsewhere = await wire.visitor()
    others = [elsewhere.token, await bram.token(), await coordinator.token()]
    return Talk(wire, visitor.conv, hers, others)


async def test_a_post_opens_for_those_in_the_conversation_whose_role_may(wire: Wire) -> None:
    assert POSTS.keys() == GOOD.keys()
    one = await talk(wire)
    assert one.hers.keys() == BY.keys()
    for verb, roles in POSTS.items():
        assert (await one.post(verb, "")).refusal == NO_TOKEN
        turned_away = [token for role, token in one.hers.items() if role not in roles]
        for token in [*one.others, *turned_away]:
            assert (await one.post(verb, token)).refusal == OUT_OF_REACH
    # Last: whoever leaves ends it.
    for verb, roles in sorted(POSTS.items(), key=lambda each: each[0] == "leave"):
        for role in sorted(roles):
            if verb == "leave":
                one = await talk(wire)
            assert (await one.post(verb, one.hers[role])).status in {200, 204}, (verb, role)


async def test_a_stream_opens_with_a_token_and_tells_of_its_own_conversations(wire: Wire) -> None:
    one = await talk(wire)
    for place in ("/live/events", "/live/events?poll=1"):
        assert (await wire.ask("GET", place)).refusal == NO_TOKEN
    for role in STREAM:
        events = await wire.stream(token=one.hers[role])
        assert (await events.until("s", lambda told: told["conv"] == one.conv))["conv"]
        events.close()
    for token in one.others:
        events = await wire.stream(f"?since={one.conv}:0", token=token)
        seen = await events.for_seconds(0.1)
        assert all(frame.data.get("conv") != one.conv for frame in seen)
        events.close()


async def test_a_page_of_messages_opens_with_no_token(wire: Wire) -> None:
    one = await talk(wire)
    for token in ("", *one.hers.values()):
        assert (await wire.ask("GET", "/live/plain", token=token)).body == b"<!DOCTYPE html>"


async def test_who_is_removed_or_has_another_role_is_shut_out_at_once(
    new_installation: Callable[..., Installation], make_wire: MakeWire
) -> None:
    wire = make_wire(new_installation("postgres"))
    coordinator = await wire.member(COORDINATOR)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for number, change in enumerate(("role", "remove")):
        # At the other process than where the coordinator is.
        visitor, desk = await wire.visitor(), await wire.member(number, at=0)
        side = await desk.side_of(visitor.conv)
        stream = await side.open()
        member = json.loads(urlsafe_b64decode(side.token.partition(".")[0] + "=="))[1]
        answer = await coordinator.post(
            f"members/{member}/{change}", b"role=researcher", headers=form
        )
        assert answer.status == 302
        ends = [frame.data["code"] for frame in await stream.rest() if frame.name == "e"]
        assert ends == ["token"]
        for verb in POSTS:
            assert (await side.post(verb, GOOD[verb]())).refusal == NO_TOKEN
        assert (await desk.post("token")).status in {401, 404}
