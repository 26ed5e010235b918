"""The streams of one process: who listens to what, and how far each has come."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from havenlight.core.tokens import Claims
from havenlight.live import wire

HELD_MOST_EVENTS = 256
HELD_MOST_BYTES = 256 * 1024
STREAMS_A_SUBJECT = 4
SLOTS = 20

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Stream:
    """One open response. Events wait in a bounded buffer, so that no sender waits for a reader.

    `due` gives for each conversation the next `seq` to send. While a conversation is being read
    from the database it is in `catching`, with the highest `seq` that came by live meanwhile.
    """

    __slots__ = (
        "_chunks",
        "_closing",
        "_flushing",
        "_held_bytes",
        "_send",
        "catching",
        "due",
        "expires_at",
        "is_poll",
        "role",
        "slot",
        "subject",
    )

    def __init__(self, claims: Claims, held: dict[str, int], send: Send, *, is_poll: bool) -> None:
        self.role = claims.role
        self.subject = claims.subject
        self.expires_at = claims.expires_at
        self.due = {conv: seq + 1 for conv, seq in held.items()}
        self.catching: dict[str, int] = dict.fromkeys(held, 0)
        self.is_poll = is_poll
        self.slot = random.randrange(SLOTS)  # noqa: S311 -- jitter
        self._send = send
        self._chunks: list[bytes] = []
        self._held_bytes = 0
        self._flushing: asyncio.Task[None] | None = None
        self._closing = False

    def push(self, chunk: bytes) -> None:
        """Send `chunk` when the reader can take it; a reader who is too far behind is let go."""
        if self._closing:
            return
        self._hold(chunk)
        if len(self._chunks) > HELD_MOST_EVENTS or self._held_bytes > HELD_MOST_BYTES:
            self.close("slow")

    def push_news(self, chunk: bytes) -> None:
        """Send `chunk`, which is what a poll waits for."""
        self.push(chunk)
        if self.is_poll:
            self.close(None)

    async def push_page(self, chunks: list[bytes]) -> None:
        """Send history, which may be more than the buffer holds, at the reader's pace."""
        if self._closing or not chunks:
            return
        self._hold(b"".join(chunks))
        while (flushing := self._flushing) is not None:
            await flushing

    def close(self, code: str | None) -> None:
        """End the response, with the reason as its last event."""
        if self._closing:
            return
        if code == "slow":
            self._chunks.clear()
        if code is not None:
            self._hold(wire.frame("e", {"code": code}))
        self._closing = True
        if self._flushing is None:
            self._flushing = asyncio.ensure_future(self._flush())

    def _hold(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._held_bytes += len(chunk)
        if self._flushing is None:
            self._flushing = asyncio.ensure_future(self._flush())

    async def _flush(self) -> None:
        # A task of its own only while there is something to send: an idle stream holds none.
        try:
            while self._chunks:
                data = b"".join(self._chunks)
                self._chunks.clear()
                self._held_bytes = 0
                await self._send({"type": "http.response.body", "body": data, "more_body": True})
            if self._closing:
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._flushing = None


class Streams:
    """All streams of this process, by conversation and by subject."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._by_conversation: dict[str, list[Stream]] = {}
        self._by_subject: dict[str, list[Stream]] = {}
        self._slots: list[set[Stream]] = [set() for _ in range(SLOTS)]

    def __iter__(self) -> Iterator[Stream]:
        return (stream for slot in self._slots for stream in slot)

    @property
    def are_full(self) -> bool:
        """Whether this process holds all the streams it may."""
        return sum(map(len, self._slots)) >= self._most

    def add(self, stream: Stream) -> None:
        """Hold `stream`. Its subject's oldest is closed over the limit, never the new one refused:
        a phone that lost its connection leaves a stream behind that nobody reads.
        """
        mine = self._by_subject.setdefault(stream.subject, [])
        mine.append(stream)
        for conv in stream.due:
            self._by_conversation.setdefault(conv, []).append(stream)
        self._slots[stream.slot].add(stream)
        if len(mine) > STREAMS_A_SUBJECT:
            oldest = mine[0]
            oldest.close("replaced")
            self.remove(oldest)

    def remove(self, stream: Stream) -> None:
        """Let go of `stream`; again is nothing."""
        if stream not in self._slots[stream.slot]:
            return
        self._slots[stream.slot].discard(stream)
        _take_out(self._by_subject, stream.subject, stream)
        for conv in stream.due:
            _take_out(self._by_conversation, conv, stream)

    def of(self, conv: str) -> list[Stream]:
        """The streams that listen to a conversation, oldest first."""
        return self._by_conversation.get(conv, [])

    def of_subject(self, subject: str) -> list[Stream]:
        """The streams of a member, or of a visitor's conversation."""
        return self._by_subject.get(subject, [])

    def of_members(self) -> list[Stream]:
        """Every stream of a member."""
        return [stream for stream in self if stream.role == "c"]

    def in_slot(self, slot: int) -> list[Stream]:
        """One in `SLOTS` of the streams, the same each time."""
        return list(self._slots[slot % SLOTS])

    def conversations(self, role: str | None = None) -> list[str]:
        """The conversations that someone, or someone of `role`, listens to here."""
        if role is None:
            return list(self._by_conversation)
        return [conv for conv in self._by_conversation if self.is_there(conv, role)]

    def is_there(self, conv: str, role: str) -> bool:
        """Whether someone of `role` listens to a conversation here."""
        return any(stream.role == role for stream in self.of(conv))


def _take_out(by_key: dict[str, list[Stream]], key: str, stream: Stream) -> None:
    by_key[key].remove(stream)
    if not by_key[key]:
        del by_key[key]
