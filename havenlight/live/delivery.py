"""Bringing each stream every message once and in order, from the database or live."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextvars import Context
from functools import partial
from typing import Any

from havenlight.core.refusals import Refused
from havenlight.core.seal.encoding import b64
from havenlight.live import wire
from havenlight.live.jobs import PAGE_MESSAGES, Facts, Glance, Sight
from havenlight.live.lane import Lane
from havenlight.live.streams import Stream, Streams

_ROUNDS_MOST = 1_000


class Delivery:
    """Keeps the streams of this process in step with the log."""

    def __init__(self, streams: Streams, reader: Lane[Glance, Sight]) -> None:
        self._streams = streams
        self._reader = reader
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self, stream: Stream, greet: Callable[[Stream, str, Facts], bytes]) -> None:
        """Begin to bring a new stream, which is already among the streams, up to now.

        `greet` gives the first events of a conversation. Raises Refused when too much waits to be
        read; a stream whose conversations cannot be read is told to come back.
        """
        for conv, due in stream.due.items():
            self._reader.submit(Glance(conv, due - 1), partial(self._opened, stream, conv, greet))

    def _opened(
        self,
        stream: Stream,
        conv: str,
        greet: Callable[[Stream, str, Facts], bytes],
        sight: Sight | Refused,
    ) -> None:
        if isinstance(sight, Refused):
            stream.close("stopping")
            return
        if not stream.may_read(sight.facts.reader_id):
            stream.close("token")
            return
        stream.push(greet(stream, conv, sight.facts))
        if sight.messages or stream.catching[conv] >= stream.due[conv]:
            self._start(self._read_on(stream, conv, sight))
        else:
            # Most who open have missed nothing: that needs no task.
            stream.caught_up(conv)

    def messages(self, group: Iterable[tuple[str, int, bytes]]) -> None:
        """Tell the streams of messages that were kept: conversation, `seq` and event of each.

        What a stream gets of the group goes in one write: a member listens to many conversations.
        """
        news: dict[Stream, list[bytes]] = {}
        for conv, seq, frame in group:
            for stream in self._streams.of(conv):
                due = stream.due[conv]
                if conv in stream.catching:
                    stream.catching[conv] = max(stream.catching[conv], seq)
                elif seq == due:
                    stream.due[conv] = due + 1
                    news.setdefault(stream, []).append(frame)
                elif seq > due:
                    self._heal(stream, conv, seq)
        for stream, frames in news.items():
            stream.push_news(b"".join(frames))

    def check(self, conv: str, last_seq: int) -> None:
        """Heal the streams of `conv` that do not have all up to `last_seq`."""
        for stream in list(self._streams.of(conv)):
            if conv not in stream.catching and stream.due[conv] <= last_seq:
                self._heal(stream, conv, last_seq)

    def _heal(self, stream: Stream, conv: str, seq: int) -> None:
        stream.catching[conv] = seq
        self._start(self._read_on(stream, conv))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        # A context of its own: that of the request which began it ends with the request.
        task = asyncio.create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _read_on(self, stream: Stream, conv: str, sight: Sight | None = None) -> None:
        try:
            if sight is None:
                sight = await self._reader.ask(Glance(conv, stream.due[conv] - 1))
            await self._send_page(stream, conv, sight)
            await self._catch_up(stream, conv, sight)
        except Refused:
            # The database is away: the client opens again, and is told to wait if it still is.
            stream.close("stopping")

    async def _catch_up(self, stream: Stream, conv: str, sight: Sight) -> None:
        """Read until nothing is missing, then let live events through, without a gap between."""
        for _ in range(_ROUNDS_MOST):
            full = len(sight.messages) == PAGE_MESSAGES
            if not full and stream.catching[conv] < stream.due[conv]:
                break
            sight = await self._reader.ask(Glance(conv, stream.due[conv] - 1))
            await self._send_page(stream, conv, sight)
        stream.caught_up(conv)

    async def _send_page(self, stream: Stream, conv: str, sight: Sight) -> None:
        if not sight.messages:
            return
        stream.due[conv] = sight.messages[-1].seq + 1
        await stream.push_page(
            [
                wire.message_frame(conv, one.seq, one.id, one.sender, one.n, one.at, b64(one.env))
                for one in sight.messages
            ]
        )
        if stream.is_poll:
            stream.close(None)
