"""Whatever is sent, the answer is one of the protocol's words, and the log stays quiet."""

import json
import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from havenlight.core.ids import new_id
from tests.integration.live.wire import TAB_KEY, Answer, Side, Wire, b64, beginning, message

MALFORMED = (400, "malformed")

NOT_OBJECTS = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"1",
    b"NaN",
    b'{"n":1}{"n":1}',
    b"\xff\xfe",
    b'{"id":"\xc3\x28"}',
    b"[" * 16_000,
    b'{"n":' * 3_000,
    b'{"n":' + b"9" * 5_000 + b"}",
]

OF_EVERY_TYPE: list[Any] = [
    None,
    True,
    0,
    -1,
    1.0,
    2**31,
    10**400,
    "",
    "x",
    "\x00",
    "\ud800",
    "é",
    [],
    [1],
    {},
    {"a": []},
]


NO_HTTP = "WARNING uvicorn.error Invalid HTTP request received."


@pytest.fixture(autouse=True)
def _log_stays_quiet(wire: Wire) -> Iterator[None]:
    """A refused request is no event of the log: it could hold what was sent."""
    servers = wire.installation.servers
    before = [len(server.output()) for server in servers]
    yield
    written = "".join(
        server.output()[length:] for server, length in zip(servers, before, strict=True)
    )
    assert [line for line in written.splitlines() if not line.endswith(NO_HTTP)] == []


def check_is_ours(answer: Answer, expected: tuple[int, str]) -> None:
    assert answer.refusal == expected
    assert answer.headers.get("Content-Type", "").startswith("application/json")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("body", NOT_OBJECTS, ids=lambda body: repr(body[:12]))
async def test_a_body_that_is_no_json_object_is_malformed(wire: Wire, body: bytes) -> None:
    visitor = await wire.visitor()
    for verb in ("m", "r", "t", "leave"):
        check_is_ours(await visitor.post(verb, body), MALFORMED)
    for path in ("/chat/start", "/chat/token", "/chat/taps"):
        check_is_ours(await wire.post(path, body, token=visitor.token), MALFORMED)


@pytest.mark.parametrize("name", ["id", "n", "env"])
async def test_a_message_with_a_value_of_another_kind_is_malformed(wire: Wire, name: str) -> None:
    visitor = await wire.visitor()
    for value in OF_EVERY_TYPE:
        check_is_ours(await visitor.post("m", message(**{name: value})), MALFORMED)
    without = message()
    del without[name]
    check_is_ours(await visitor.post("m", without), MALFORMED)
    assert (await visitor.post("m", message())).fields["seq"] == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x01",
        b"hello, this was never sealed",
        b"\x01" + bytes(28),
        b"\x01" + bytes(28 + 255),
        b"\x01" + bytes(28 + 257),
        b"\x00" + bytes(28 + 256),
        b"\x02" + bytes(28 + 256),
    ],
)
async def test_what_has_not_the_form_of_an_envelope_is_not_stored(wire: Wire, raw: bytes) -> None:
    visitor = await wire.visitor()
    check_is_ours(await visitor.post("m", message(env=b64(raw))), MALFORMED)


@pytest.mark.parametrize("spoil", [lambda e: e + "=", lambda e: e + "A", lambda e: e[:-1] + "+"])
async def test_an_envelope_has_one_spelling(wire: Wire, spoil: Any) -> None:
    visitor = await wire.visitor()
    check_is_ours(await visitor.post("m", message(env=spoil(message()["env"]))), MALFORMED)


@pytest.mark.parametrize(("verb", "name"), [("r", "seq"), ("leave", "how")])
async def test_a_mark_or_leave_with_a_value_of_another_kind_is_malformed(
    wire: Wire, verb: str, name: str
) -> None:
    visitor = await wire.visitor()
    for value in OF_EVERY_TYPE:
        check_is_ours(await visitor.post(verb, {name: value}), MALFORMED)
    check_is_ours(await visitor.post(verb, {}), MALFORMED)
    assert await visitor.kept() == 1


@pytest.mark.parametrize("name", ["conv", "epoch", "wrap", "tab_key", "half", "lang"])
async def test_a_beginning_with_a_value_of_another_kind_is_malformed(wire: Wire, name: str) -> None:
    wrong = [one for one in OF_EVERY_TYPE if not (name == "epoch" and type(one) is int and one > 0)]
    for value in wrong:
        check_is_ours(await wire.post("/chat/start", beginning(**{name: value})), MALFORMED)
    without = beginning()
    del without[name]
    check_is_ours(await wire.post("/chat/start", without), MALFORMED)


@pytest.mark.parametrize("name", ["conv", "tab_key"])
async def test_a_credential_of_another_kind_is_malformed(wire: Wire, name: str) -> None:
    body = {"conv": new_id(), "tab_key": TAB_KEY}
    for value in OF_EVERY_TYPE:
        check_is_ours(await wire.post("/chat/token", body | {name: value}), MALFORMED)


@pytest.mark.parametrize("name", ["for_whom", "in_danger", "under_18", "else"])
async def test_a_tap_that_is_not_offered_is_malformed(wire: Wire, name: str) -> None:
    visitor = await wire.visitor()
    skipped = [None, True, False] if name.startswith(("in_", "under")) else [None, "self"]
    wrong = [one for one in OF_EVERY_TYPE if not any(one is choice for choice in skipped)]
    for value in wrong:
        answer = await wire.post("/chat/taps", {name: value}, token=visitor.token)
        check_is_ours(answer, MALFORMED)


@pytest.mark.parametrize(
    "query",
    ["since=x", "since={conv}", "since={conv}:x", "since={conv}:-1", "since={conv}:1:2"],
)
async def test_a_stream_that_is_asked_for_from_nowhere_is_malformed(wire: Wire, query: str) -> None:
    visitor = await wire.visitor()
    path = "/live/events?" + query.format(conv=visitor.conv)
    check_is_ours(await wire.ask("GET", path, token=visitor.token), MALFORMED)


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 5_000, "2147483648"])
async def test_a_last_event_id_that_was_never_sent_is_malformed(wire: Wire, last: str) -> None:
    visitor = await wire.visitor()
    headers = {"Last-Event-ID": last}
    answer = await wire.ask("GET", "/live/events", token=visitor.token, headers=headers)
    check_is_ours(answer, MALFORMED)


async def test_an_envelope_may_be_as_large_as_the_limit_and_no_larger(wire: Wire) -> None:
    visitor = await wire.visitor()
    for steps, expected in ((46, 200), (47, 200), (48, 413)):
        raw = b"\x01" + secrets.token_bytes(28 + 256 * steps)
        visitor.n += 1
        answer = await visitor.post("m", message(n=visitor.n, env=b64(raw)))
        assert (answer.status, len(raw) > 12_288) == (expected, expected == 413)
    check_is_ours(answer, (413, "too_large"))


PLACES = ["/live/conv/{conv}/m", "/live/conv/{conv}/r", "/chat/start", "/chat/token", "/chat/taps"]


@pytest.mark.parametrize("place", PLACES)
async def test_a_body_may_be_as_large_as_the_limit_and_no_larger(wire: Wire, place: str) -> None:
    visitor = await wire.visitor()
    path = place.format(conv=visitor.conv)
    small = json.dumps({"x": "y"}).encode()
    at_limit = small + b" " * (16_384 - len(small))
    check_is_ours(await wire.post(path, at_limit, token=visitor.token), MALFORMED)
    too_large = at_limit + b" "
    check_is_ours(await wire.post(path, too_large, token=visitor.token), (413, "too_large"))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("piece_bytes", [1_000, 60_000])
async def test_a_body_without_a_length_has_the_same_limit(
    wire: Wire, place: str, piece_bytes: int
) -> None:
    visitor = await wire.visitor()
    raw = await wire.connect()
    piece = b"%x\r\n%b\r\n" % (piece_bytes, b" " * piece_bytes)
    raw.send(
        f"POST {place.format(conv=visitor.conv)}",
        *("Content-Type: application/json", "Transfer-Encoding: chunked"),
        token=visitor.token,
        body=piece * (60_000 // piece_bytes) + b"0\r\n\r\n",
    )
    assert (await raw.answer()).refusal == (413, "too_large")


async def test_a_body_without_a_length_is_read_like_any_other(wire: Wire) -> None:
    visitor = await wire.visitor()

    async def said() -> AsyncIterator[bytes]:
        body = json.dumps(message()).encode()
        yield body[:100]
        yield body[100:]

    assert (await visitor.post("m", said())).fields["seq"] == 1


async def test_no_file_is_ever_taken(wire: Wire) -> None:
    visitor = await wire.visitor()
    upload = (
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n" + bytes(5_000) + b"\r\n--x--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    places = ["/live/conv/{conv}/m", "/chat/start", "/chat/token", "/chat/taps"]
    for place in places:
        path = place.format(conv=visitor.conv)
        answer = await wire.post(path, upload, token=visitor.token, headers=headers)
        check_is_ours(answer, (415, "not_json"))


PAGES = ["/", "/desk/", "/team/sign-in", "/absent", "/%ff", "/live/%ff", "/..%2f..%2fetc/passwd"]


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_shows_how_the_server_is_made(wire: Wire, path: str) -> None:
    for method in ("GET", "POST", "PUT"):
        body = b"\xff" if method != "GET" else None
        answer = await wire.ask(method, path, body=body)
        assert answer.status < 500
        for trace in (b"Traceback", b"Django", b"DEBUG", b"uvicorn", b'File "', b"Exception"):
            assert trace not in answer.body
        assert "Server" not in answer.headers


@pytest.mark.parametrize("noise", [b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"\x00" * 2_000])
async def test_what_is_not_http_at_all_ends_its_own_connection_only(
    wire: Wire, noise: bytes
) -> None:
    visitor = await wire.visitor()
    stream = await visitor.open()
    raw = await wire.connect()
    raw.writer.write(noise)
    assert await raw.is_closed()
    await visitor.kept()
    await stream.until("m")


def path_of(visitor: Side, verb: str = "m") -> str:
    return f"/live/conv/{visitor.conv}/{verb}"


async def test_a_request_before_the_last_was_answered_ends_the_connection_after_it(
    wire: Wire,
) -> None:
    visitor = await wire.visitor()
    for path, first in ((path_of(visitor), message()), ("/chat/taps", {})):
        raw = await wire.connect()
        second = path_of(visitor), message(n=9)
        raw.post_together((path, first), second, token=visitor.token)
        assert (await raw.answer()).status in {200, 204}
        assert await raw.is_closed()
    # What was not answered was not kept either.
    assert (await visitor.post("m", message(n=2))).fields["seq"] == 2


async def test_requests_one_after_the_other_share_a_connection(wire: Wire) -> None:
    visitor = await wire.visitor()
    raw = await wire.connect()
    for n in (1, 2):
        raw.post(path_of(visitor), message(n=n), token=visitor.token)
        assert (await raw.answer()).fields["seq"] == n
        raw.post("/chat/taps", {"under_18": True}, token=visitor.token)
        assert (await raw.answer()).status == 204


async def test_a_stream_goes_with_its_connection_whatever_else_is_asked_on_it(wire: Wire) -> None:
    visitor, anna = await wire.talking()
    watching = await anna.open()
    raw = await wire.connect()
    raw.send("GET /live/events", token=visitor.token)
    await raw.head()
    await watching.until("a", lambda one: (one["who"], one["on"]) == ("v", True))
    raw.send("GET /")
    raw.post(path_of(visitor), message(), token=visitor.token)
    await raw.writer.drain()
    await anna.kept()
    await raw.reader.readuntil(b"event: m\n")
    raw.writer.close()
    await watching.until("a", lambda one: (one["who"], one["on"]) == ("v", False))


async def test_a_client_that_asks_before_it_sends_is_told_to_go_on(wire: Wire) -> None:
    visitor = await wire.visitor()
    raw = await wire.connect()
    raw.post(path_of(visitor), message(), "Expect: 100-continue", token=visitor.token)
    answer = await raw.answer()
    if answer.status == 100:
        answer = await raw.answer()
    assert (answer.status, answer.fields["seq"]) == (200, 1)


@pytest.mark.parametrize("path", ["/live/events", "/live/conv/x/m", "/chat/start"])
async def test_an_answer_to_head_has_no_body(wire: Wire, path: str) -> None:
    raw = await wire.connect()
    raw.send(f"HEAD {path}")
    await raw.head()
    raw.send("HEAD /", "Connection: close")
    rest = await raw.reader.read()
    assert rest.startswith(b"HTTP/1.1 200 ")
    assert rest.endswith(b"\r\n\r\n")


async def test_a_request_that_is_never_finished_holds_up_nobody(wire: Wire) -> None:
    visitor = await wire.visitor()
    raw = await wire.connect()
    raw.send(f"POST {path_of(visitor)}", "Content-Length: 100", token=visitor.token, body=b"{")
    await raw.writer.drain()
    assert await visitor.kept() == 1
    raw.writer.close()


async def test_no_answer_is_kept_by_a_cache(wire: Wire) -> None:
    visitor = await wire.visitor()
    for answer in (
        await visitor.say(),
        await visitor.post("t"),
        await visitor.post("m", message(), token="x"),
        await wire.post("/chat/start", beginning()),
        await wire.ask("GET", "/"),
    ):
        assert "no-store" in answer.headers["Cache-Control"]
    assert "no-store" in (await visitor.open()).response.headers["Cache-Control"]
