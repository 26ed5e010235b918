"""The hot path on uvicorn's own parser and connections, without a task and a scope for each post.

Requests below /live/ are answered here; every other one goes on to the ASGI application as uvicorn
would have it. docs/decisions tells what this saves and what it costs.
"""

import asyncio
import json
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import unquote

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from havenlight.core.refusals import Refused
from havenlight.live import wire
from havenlight.live.app import Live
from havenlight.live.pages import PageStream
from havenlight.live.streams import Stream

_PREFIX = b"/live/"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_STATUS = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}
_JSON_HEAD = b"content-type: application/json\r\ncache-control: no-store\r\ncontent-length: %d\r\n"
_NOTHING_HEAD = b"cache-control: no-store\r\n"
# Without a length: the stream ends with the connection.
_STREAM_HEAD = (
    _STATUS[200] + b"content-type: text/event-stream\r\ncache-control: no-store, no-transform\r\n"
    b"x-accel-buffering: no\r\nconnection: close\r\n\r\n"
)
# The page that goes on stands in a frame of ours and of nobody else.
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'; require-trusted-types-for 'script'"
)
_PAGE_HEAD = (
    _STATUS[200] + b"content-type: text/html; charset=utf-8\r\n"
    b"cache-control: no-store, no-transform\r\nx-accel-buffering: no\r\n"
    b"content-security-policy: " + _PAGE_POLICY.encode() + b"\r\nx-frame-options: SAMEORIGIN\r\n"
    b"x-content-type-options: nosniff\r\nreferrer-policy: no-referrer\r\n"
    b"connection: close\r\n\r\n"
)


class _Never:
    """An event of uvicorn's that nobody waits for."""

    def set(self) -> None:
        """Nothing waits."""


class Exchange:
    """A request below /live/ and its answer.

    It stands where uvicorn has its own kind of exchange, with the attributes that uvicorn reads and
    sets there, so that uvicorn keeps the order of answers, times out and shuts down as ever.
    """

    __slots__ = (
        "_is_head",
        "_protocol",
        "body",
        "disconnected",
        "keep_alive",
        "response_complete",
        "stream",
    )

    message_event: ClassVar = _Never()

    def __init__(self, protocol: "LiveProtocol", *, keep_alive: bool, is_head: bool) -> None:
        self._protocol = protocol
        self._is_head = is_head
        self.keep_alive = keep_alive
        self.disconnected = False
        self.response_complete = False
        self.body = b""
        self.stream: Stream | None = None

    def reply(self, status: int, body: bytes) -> None:
        """Answer with JSON, or with nothing; a second answer, or one to nobody, is dropped."""
        if self.response_complete or self.disconnected:
            return
        self.response_complete = True
        close = b"" if self.keep_alive else b"connection: close\r\n"
        about = _JSON_HEAD % len(body) if body else _NOTHING_HEAD
        head = b"%b%b%b\r\n" % (_STATUS[status], about, close)
        answer = head if self._is_head else head + body
        self._protocol.finish(answer, keep_alive=self.keep_alive)

    def refuse(self, refusal: Refused) -> None:
        """Answer that it is refused, and why."""
        self.reply(refusal.status, json.dumps(refusal.as_json()).encode())

    def begin_stream(self, stream: Stream, first: bytes) -> None:
        """Answer with a stream, whose events go straight to the connection from now on."""
        self.stream = stream
        self.keep_alive = False
        stream.attach(self._protocol.transport, _STREAM_HEAD + first)

    def begin_page(self, stream: PageStream) -> None:
        """Answer with a page that goes on; nothing when its reader went while it was made."""
        if self.disconnected:
            return
        self.stream = stream
        self.keep_alive = False
        stream.attach(self._protocol.transport, _PAGE_HEAD + stream.head)

    def reply_page(self, body: bytes) -> None:
        """Answer with a page, which its connection ends."""
        if not self.disconnected:
            self.response_complete = True
            self._protocol.finish(_PAGE_HEAD + body, keep_alive=False)


class LiveProtocol(HttpToolsProtocol):
    """uvicorn's protocol with the hot path taken out. A subclass names the `live` that answers."""

    live: ClassVar[Live]

    _exchange: Exchange | None = None
    _is_deaf = False
    # When it was answered last, until it asks again; and the timer that looks at that.
    _idle_since: float | None = None
    _idle_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection. Whose it is, nobody asks: uvicorn would look up both addresses."""
        self.connections.add(self)
        self.transport = transport
        self.scheme = "http"

    def on_message_begin(self) -> None:
        """Note the request; what uvicorn makes of it is made only when it is uvicorn's."""
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._idle_since = None
        if self.cycle is not None and not self.cycle.response_complete:
            # No browser and no proxy asks again before it was answered. Who does is answered once:
            # the connection ends after that, so that a stream's connection stays the stream's.
            self.cycle.keep_alive = False
            self._is_deaf = True
            return
        self._exchange = None

    def on_headers_complete(self) -> None:
        """Take the request, or hand it to uvicorn."""
        if self._is_deaf:
            return
        if not self.url.startswith(_PREFIX):
            url, headers, expect = self.url, self.headers, self.expect_100_continue
            # Only uvicorn waits by it, and what was answered here before fills no buffer.
            self.flow = self.flow or FlowControl(self.transport)
            super().on_message_begin()
            self.url, self.expect_100_continue = url, expect
            self.headers += headers
            super().on_headers_complete()
            return
        if self.expect_100_continue:
            self.transport.write(_CONTINUE)
        self._exchange = Exchange(
            self,
            keep_alive=self.parser.should_keep_alive(),
            is_head=self.parser.get_method() == b"HEAD",
        )
        self.cycle = self._exchange  # type: ignore[assignment] # has what uvicorn uses of it

    def on_body(self, body: bytes) -> None:
        """Gather the body; one over its limit is refused at once, and not read to its end."""
        exchange = self._exchange
        if self._is_deaf:
            return
        if exchange is None:
            super().on_body(body)
        elif not exchange.response_complete:
            exchange.body += body
            if len(exchange.body) > wire.BODY_MOST_BYTES:
                exchange.keep_alive = False
                exchange.refuse(Refused("too_large"))

    def on_message_complete(self) -> None:
        """Answer what was asked."""
        exchange = self._exchange
        if self._is_deaf:
            return
        if exchange is None:
            super().on_message_complete()
            return
        if exchange.response_complete:
            return
        raw_path, _, query = self.url.partition(b"?")
        path = raw_path.decode("ascii", "replace")
        # Not kept beside an open stream: they say who asks.
        headers, self.headers = dict(self.headers), []
        self.live.take(
            exchange,
            self.parser.get_method(),
            unquote(path) if "%" in path else path,
            query.decode("latin-1"),
            headers,
        )

    def finish(self, answer: bytes, *, keep_alive: bool) -> None:
        """Send an answer, and wait for the next request or close the connection."""
        self.transport.write(answer)
        self.server_state.total_requests += 1
        if not keep_alive:
            self.transport.close()
            return
        self._idle_since = self.loop.time()
        if self._idle_timer is None:
            # One timer goes on from answer to answer: uvicorn would set and cancel one for each.
            self._wait_for_idleness(self.timeout_keep_alive)

    def _wait_for_idleness(self, seconds: float) -> None:
        self._idle_timer = self.loop.call_later(seconds, self._close_if_idle)

    def _close_if_idle(self) -> None:
        self._idle_timer = None
        if self._idle_since is None:
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._wait_for_idleness(left)
        else:
            self.transport.close()

    def resume_writing(self) -> None:
        """The reader takes again what was held back."""
        if self.flow is not None:
            super().resume_writing()
        if self._exchange is not None and self._exchange.stream is not None:
            self._exchange.stream.resume()

    def pause_writing(self) -> None:
        """The reader is slow: hold back what comes from now on."""
        if self.flow is not None:
            super().pause_writing()
        if self._exchange is not None and self._exchange.stream is not None:
            self._exchange.stream.pause()

    def connection_lost(self, exc: Exception | None) -> None:
        """The reader has gone."""
        super().connection_lost(exc)
        if self._exchange is not None and self._exchange.stream is not None:
            self.live.close(self._exchange.stream)
        self._exchange = None
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None


def protocol_of(live: Live) -> type[LiveProtocol]:
    """The protocol class whose connections `live` answers."""
    attributes: dict[str, Any] = {"live": live}
    return type("ServingProtocol", (LiveProtocol,), attributes)
