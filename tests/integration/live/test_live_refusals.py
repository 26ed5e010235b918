"""Every refusal of docs/protocol.md, section 7, by a request that causes it; on both stores."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable

import pytest

from havenlight.core import tokens
from havenlight.core.ids import new_id
from havenlight.core.tokens import Claims
from tests.integration.live.fixtures import MakeWire
from tests.integration.live.wire import Side, Wire, message
from tests.servers.installation import Installation

HERS = ["/live/conv/{conv}/m", "/live/conv/{conv}/r", "/live/conv/{conv}/t", "/chat/taps"]


def minted(side: Side, *, secret: bytes | None = None, expires_in: int = 300) -> str:
    """A token for what `side` may do: under the installation's own secret, unless another."""
    key = side.wire.installation.environment["SECRET_KEY"].encode()
    own = hmac.digest(key, b"havenlight/token", hashlib.sha256)
    claims = Claims("v", side.conv, "v", (side.conv,), int(time.time()) + expires_in)
    return tokens.mint(claims, secret or own)


@pytest.mark.parametrize("place", HERS)
async def test_without_a_token_nothing_is_done(wire: Wire, place: str) -> None:
    visitor = await wire.visitor()
    answer = await wire.post(place.format(conv=visitor.conv), message())
    assert answer.refusal == (401, "token")


@pytest.mark.parametrize("token", ["x", "x.y", "..", "é.ü", "a" * 4_000, "!.!"])
async def test_what_is_no_token_is_refused_as_one(wire: Wire, token: str) -> None:
    visitor = await wire.visitor()
    for answer in (
        await visitor.post("m", message(), token=token),
        await wire.post("/chat/taps", {}, token=token),
        await wire.ask("GET", "/live/events", token=token),
    ):
        assert answer.refusal == (401, "token")


async def test_a_token_that_we_minted_ourselves_is_taken_only_with_the_secret(wire: Wire) -> None:
    visitor = await wire.visitor()
    assert (await visitor.post("m", message(), token=minted(visitor))).status == 200
    forged = minted(visitor, secret=b"guessed" * 5)
    assert (await visitor.post("m", message(n=2), token=forged)).refusal == (401, "token")


async def test_an_expired_token_is_refused_also_where_it_was_good_before(wire: Wire) -> None:
    visitor = await wire.visitor()
    token = minted(visitor, expires_in=2)
    assert (await visitor.post("t", {}, token=token)).status == 204
    await asyncio.sleep(2)
    assert (await visitor.post("t", {}, token=token)).refusal == (401, "token")
    assert (await wire.ask("GET", "/live/events", token=token)).refusal == (401, "token")


async def test_a_token_that_lasts_too_long_is_none_of_ours(wire: Wire) -> None:
    visitor = await wire.visitor()
    token = minted(visitor, expires_in=86_400)
    assert (await visitor.post("m", message(), token=token)).refusal == (401, "token")


@pytest.mark.parametrize("verb", ["m", "r", "t", "leave"])
async def test_the_token_of_another_conversation_opens_nothing(wire: Wire, verb: str) -> None:
    visitor, other = await wire.visitor(), await wire.visitor()
    answer = await visitor.post(verb, message(), token=other.token)
    assert answer.refusal == (404, "unknown")


async def test_a_conversation_that_does_not_exist_is_as_one_out_of_reach(wire: Wire) -> None:
    visitor = await wire.visitor()
    nowhere = Side(wire, new_id(), visitor.token, visitor.at)
    assert (await nowhere.post("m", message())).refusal == (404, "unknown")
    ghost = Side(wire, new_id(), "", 0)
    for verb, body in (("m", message()), ("leave", {"how": "leave"})):
        assert (await ghost.post(verb, body, token=minted(ghost))).refusal == (404, "unknown")
    assert (await ghost.post("r", {"seq": 1}, token=minted(ghost))).status in {204, 404}


@pytest.mark.parametrize(
    "path", ["/live/", "/live/conv", "/live/conv/0/m", "/live/conv/{conv}/x", "/live/eventsx"]
)
async def test_a_path_that_there_is_not_is_unknown(wire: Wire, path: str) -> None:
    visitor = await wire.visitor()
    answer = await wire.post(path.format(conv=visitor.conv), {}, token=visitor.token)
    assert answer.refusal == (404, "unknown")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_a_path_has_one_method(wire: Wire, method: str) -> None:
    visitor = await wire.visitor()
    path = f"/live/conv/{visitor.conv}/m"
    for place in (path, "/chat/start", "/chat/token", "/chat/taps"):
        assert (await wire.ask(method, place, token=visitor.token)).refusal == (405, "method")
    events = await wire.ask("POST", "/live/events", token=visitor.token, body={})
    assert events.refusal == (405, "method")


@pytest.mark.parametrize("origin", [None, "https://elsewhere.example", "null", "http://127.0.0.1"])
async def test_a_post_from_a_page_of_another_installation_is_refused(
    wire: Wire, origin: str | None
) -> None:
    visitor = await wire.visitor()
    headers = {"Origin": origin}
    places = [f"/live/conv/{visitor.conv}/m", "/chat/start", "/chat/token", "/chat/taps"]
    for path in places:
        answer = await wire.post(path, message(), token=visitor.token, headers=headers)
        assert answer.refusal == (403, "origin")


async def test_a_stream_needs_no_origin_but_not_a_wrong_one(wire: Wire) -> None:
    visitor = await wire.visitor()
    headers = {"Origin": "https://elsewhere.example"}
    answer = await wire.ask("GET", "/live/events", token=visitor.token, headers=headers)
    assert answer.refusal == (403, "origin")
    await (await visitor.open()).until("s")


@pytest.mark.parametrize(
    "kind",
    [None, "text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"],
)
async def test_a_body_that_is_not_json_is_refused_by_its_type(wire: Wire, kind: str | None) -> None:
    visitor = await wire.visitor()
    headers = {"Content-Type": kind}
    for path in (f"/live/conv/{visitor.conv}/m", "/chat/start", "/chat/token", "/chat/taps"):
        answer = await wire.post(
            path,
            b"x=1",
            token=visitor.token,
            headers=headers,
            skip_auto_headers=["Content-Type"],
        )
        assert answer.refusal == (415, "not_json")


async def test_an_id_used_for_other_bytes_is_refused_and_the_first_stays(wire: Wire) -> None:
    visitor = await wire.visitor()
    first = message()
    kept = await visitor.post("m", first)
    for other in (
        message(id=first["id"]),
        first | {"n": 2},
        message(id=first["id"], n=2),
    ):
        assert (await visitor.post("m", other)).refusal == (409, "id_reused")
    assert (await visitor.post("m", first)).fields == kept.fields
    assert [one["env"] for one in await (await visitor.open()).messages(1)] == [first["env"]]


async def test_the_id_of_the_other_side_cannot_be_taken(wire: Wire) -> None:
    visitor, anna = await wire.talking()
    hers = message()
    assert (await visitor.post("m", hers)).status == 200
    assert (await anna.post("m", hers)).refusal == (409, "id_reused")


async def test_a_counter_used_before_is_refused(wire: Wire) -> None:
    visitor = await wire.visitor()
    assert (await visitor.post("m", message(n=3))).status == 200
    for n in (1, 2, 3):
        assert (await visitor.post("m", message(n=n))).refusal == (409, "n_used")
    assert (await visitor.post("m", message(n=4))).fields["seq"] == 2


async def test_after_the_end_nobody_writes(wire: Wire) -> None:
    visitor, anna = await wire.talking()
    kept = message()
    assert (await visitor.post("m", kept)).fields["seq"] == 1
    assert (await anna.post("leave", {"how": "leave"})).status == 204
    for side in (visitor, anna):
        assert (await side.post("m", message(n=5))).refusal == (409, "ended")
    # What was kept before is still answered as the first time.
    assert (await visitor.post("m", kept)).fields["seq"] == 1


async def test_a_visitor_who_is_too_fast_is_told_when_and_loses_nothing(wire: Wire) -> None:
    visitor = await wire.visitor()
    answers = [await visitor.say() for _ in range(12)]
    refused = [answer for answer in answers if answer.status != 200]
    assert refused
    assert len(answers) - len(refused) >= 10
    assert {answer.refusal for answer in refused} == {(429, "too_fast")}
    assert all(1 <= answer.fields["retry_after"] <= 2 for answer in refused)
    stream = await visitor.open()
    assert [one["seq"] for one in await stream.messages(10)] == list(range(1, 11))


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
async def test_a_process_that_holds_all_the_streams_it_may_is_busy(
    new_installation: Callable[..., Installation], make_wire: MakeWire, store: str
) -> None:
    wire = make_wire(new_installation(store, LIVE_STREAMS="2"))
    visitors = [await wire.visitor() for _ in range(3)]
    streams = [await visitor.open() for visitor in visitors[:2]]
    answer = await wire.ask("GET", "/live/events", token=visitors[2].token)
    assert (answer.refusal, answer.fields["retry_after"]) == ((503, "busy"), 5)
    assert await visitors[2].kept() == 1
    streams[0].close()
    await streams[1].until("s")
    while (await wire.ask("GET", "/live/events?poll=1", token=visitors[2].token)).status == 503:
        pass
