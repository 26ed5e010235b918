"""The streams of one process: who listens to what, and how far each has come."""

import asyncio
import random
from collections.abc import Iterator

from havenlight.core.tokens import Claims
from havenlight.live import wire
from havenlight.live.asides import Aside

HELD_MOST_EVENTS = 256
HELD_MOST_BYTES = 256 * 1024
STREAMS_A_SUBJECT = 4
SLOTS = 20


class Stream:
    """One open response. Events a slow reader cannot take yet are held, so that no sender waits.

    `due` gives for each conversation the next `seq` to send. While a conversation is being read
    from the database it is in `catching`, with the highest `seq` that came by live meanwhile.
    """

    __slots__ = (
        "_drained",
        "_head",
        "_held",
        "_held_bytes",
        "_is_paused",
        "_transport",
        "_waiting",
        "catching",
        "due",
        "expires_at",
        "is_poll",
        "role",
        "slot",
        "subject",
    )

    def __init__(self, claims: Claims, held: dict[str, int], *, is_poll: bool) -> None:
        self.role = claims.role
        self.subject = claims.subject
        self.expires_at = claims.expires_at
        self.due = {conv: seq + 1 for conv, seq in held.items()}
        self.catching: dict[str, int] = dict.fromkeys(held, 0)
        self.is_poll = is_poll
        self.slot = int(random.random() * SLOTS)  # noqa: S311 -- jitter
        self._transport: asyncio.Transport | None = None
        self._is_paused = False
        self._held: list[bytes] | None = None
        self._held_bytes = 0
        self._drained: asyncio.Future[None] | None = None
        self._waiting: dict[str, list[bytes]] | None = None
        self._head = b""

    def may_read(self, _reader_id: str | None) -> bool:
        """Whether it may go on; what its token grants is looked at where that is renewed.

        Args:
            _reader_id: the coordinator of whom both sides are told that she reads along.
        """
        return True

    def attach(self, transport: asyncio.Transport, head: bytes) -> None:
        """Send to `transport` from now on; `head` goes before the first event, in one write."""
        self._transport = transport
        self._head = head

    def push(self, chunk: bytes) -> None:
        """Send `chunk`, or hold it while the reader is slow; one too far behind is let go."""
        self._send(chunk)

    def _send(self, chunk: bytes) -> None:
        if self._transport is None:
            return
        if self._head:
            chunk, self._head = self._head + chunk, b""
        if not self._is_paused:
            self._transport.write(chunk)
            return
        self._held = self._held or []
        self._held.append(chunk)
        self._held_bytes += len(chunk)
        if len(self._held) > HELD_MOST_EVENTS or self._held_bytes > HELD_MOST_BYTES:
            # It reads nothing, so it would not read why; resume heals it.
            self._transport.abort()
            self._let_go()

    def push_news(self, chunk: bytes) -> None:
        """Send `chunk`, which is what a poll waits for."""
        self.push(chunk)
        if self.is_poll:
            self.close(None)

    def wait_with(self, conv: str, chunk: bytes) -> None:
        """Send `chunk` only when its conversation has caught up: first come state and history."""
        self._waiting = self._waiting or {}
        self._waiting.setdefault(conv, []).append(chunk)

    def caught_up(self, conv: str) -> None:
        """Let a conversation's live events through, beginning with those that waited."""
        del self.catching[conv]
        if self._waiting is not None:
            for chunk in self._waiting.pop(conv, []):
                self.push_news(chunk)

    async def push_page(self, chunks: list[bytes]) -> None:
        """Send history, which may be more than may be held, at the reader's pace."""
        while self._is_paused and self._transport is not None:
            self._drained = asyncio.get_running_loop().create_future()
            await self._drained
        self._send(b"".join(chunks))

    def pause(self) -> None:
        """The connection takes no more for now."""
        self._is_paused = True

    def resume(self) -> None:
        """The connection takes more again."""
        self._is_paused = False
        if self._held and self._transport is not None:
            held, self._held, self._held_bytes = b"".join(self._held), None, 0
            self._transport.write(held)
        self._wake()

    def close(self, code: str | None) -> None:
        """End the response, with the reason as its last event."""
        if self._transport is None:
            return
        if code is not None:
            self.push(wire.frame("e", {"code": code}))
        if self._transport is not None:
            if self._head:
                self._send(b"")
            self._transport.close()
        self._let_go()

    def _let_go(self) -> None:
        self._transport = None
        self._held = None
        self._wake()

    def _wake(self) -> None:
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)


class MemberStream(Stream):
    """The stream of a member, which alone takes what colleagues tell each other."""

    __slots__ = ()

    def tell(self, aside: Aside) -> None:
        """Send `aside`."""
        self.push_news(aside.frame())


class ReadingStream(MemberStream):
    """The stream of a coordinator who reads along: only while both sides are told that she does."""

    __slots__ = ()

    def may_read(self, reader_id: str | None) -> bool:
        """Whether she is who is told to read along."""
        return reader_id == self.subject


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

    def of_members(self) -> list[MemberStream]:
        """Every stream of a member."""
        return [stream for stream in self if isinstance(stream, MemberStream)]

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
