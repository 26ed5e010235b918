"""Protocols for the event loop that do as little as possible: HTTP/1.1 posts, event streams,
WebSockets.
"""

import asyncio
import re
from collections.abc import Callable
from typing import cast

from bench.load.talk import LoadFailed

Found = Callable[[bytes], None]

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_MESSAGE = re.compile(rb'"seq":(\d+),"id":"([0-9a-f]{32})","from":"([vc])')
_STATE = b"event: s\n"
_TEXT, _PING, _PONG = 0x81, 0x89, 0x8A


class _Connection(asyncio.Protocol):
    """What all have in common: a transport, and bytes that are not complete yet."""

    def __init__(self) -> None:
        self.buffer = b""
        self.closing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody but us ends a connection of a load."""
        if not self.closing:
            raise LoadFailed(f"{type(self).__name__}: the server closed the connection")

    def close(self) -> None:
        """End it."""
        self.closing = True
        self.transport.abort()


class Poster(_Connection):
    """A kept-alive connection that posts one thing at a time and waits for its 200."""

    def __init__(self, acknowledged: Found) -> None:
        super().__init__()
        self._acknowledged = acknowledged
        self._id = b""

    def post(self, id_: bytes, request: bytes) -> None:
        """Send a whole request; `acknowledged` is told its id once it is answered."""
        if self._id:
            raise LoadFailed("a side posted before its last message was answered")
        self._id = id_
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take a whole answer."""
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not end or length is None or len(body) < int(length[1]):
            return
        id_, self._id, self.buffer = self._id, b"", b""
        if not head.startswith(b"HTTP/1.1 200") or id_ not in body:
            raise LoadFailed(f"a message was refused: {head[:30]!r} {body[:200]!r}")
        self._acknowledged(id_)


class EventStream(_Connection):
    """One stream of a visitor or a member; tells of each message that the other side wrote.

    Every message must carry the number after the last of its conversation.
    """

    def __init__(self, request: bytes, own_side: bytes, delivered: Found) -> None:
        super().__init__()
        self._request = request
        self._own_side = own_side
        self._delivered = delivered
        self._last: dict[bytes, int] = {}
        self.states = 0
        self.greeted = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        super().connection_made(transport)
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Take whole events."""
        data = self.buffer + data
        end = data.rfind(b"\n\n")
        if end < 0:
            self.buffer = data
            return
        self.buffer = data[end:]
        if not self.greeted.is_set():
            self._greet(data[:end])
        for found in _MESSAGE.finditer(data, 0, end):
            self._check_order(data, found)
            if found[3] != self._own_side:
                self._delivered(found[2])

    def _greet(self, data: bytes) -> None:
        if _STATE in data:
            self.greeted.set()
        elif data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 200"):
            raise LoadFailed(f"a stream was refused: {data[:300]!r}")

    def _check_order(self, data: bytes, found: re.Match[bytes]) -> None:
        # The conversation stands right before: "conv":"...32...",
        conversation = data[found.start() - 34 : found.start() - 2]
        seq = int(found[1])
        if seq != self._last.get(conversation, 0) + 1:
            raise LoadFailed(f"message {seq} came after {self._last.get(conversation, 0)}")
        self._last[conversation] = seq


class WebSocket(_Connection):
    """One WebSocket of the peer; tells of each message, the sender's own among them."""

    def __init__(self, path: str, port: int, found: Found) -> None:
        super().__init__()
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        ).encode()
        self._found = found
        self.greeted = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        super().connection_made(transport)
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Take the answer to the upgrade, then whole frames."""
        self.buffer += data
        if not self.greeted.is_set():
            head, end, rest = self.buffer.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                raise LoadFailed(f"a WebSocket was refused: {head[:300]!r}")
            self.greeted.set()
            self.buffer = rest
        while (size := _frame_size(self.buffer)) and len(self.buffer) >= size:
            frame, self.buffer = self.buffer[:size], self.buffer[size:]
            self._take(frame)

    def _take(self, frame: bytes) -> None:
        if frame[0] == _PING:
            self.transport.write(_client_frame(_PONG, frame[2:]))
        elif frame[0] == _TEXT:
            start = frame.index(b'"message": "') + 12
            self._found(frame[start : start + 32])
        else:
            raise LoadFailed(f"a frame that is neither text nor ping: {frame[:20]!r}")


def websocket_text(text: bytes) -> bytes:
    """A text as a client sends it."""
    return _client_frame(_TEXT, text)


def _client_frame(kind: int, payload: bytes) -> bytes:
    """A whole frame. Its mask is zero, which is cheap and allowed."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([kind]) + length + b"\0\0\0\0" + payload


def _frame_size(buffer: bytes) -> int:
    """The size of the frame that `buffer` begins with, or 0 while its head is not there."""
    if len(buffer) < 2:
        return 0
    if buffer[1] < 126:
        return 2 + buffer[1]
    return 4 + int.from_bytes(buffer[2:4], "big") if len(buffer) >= 4 else 0
