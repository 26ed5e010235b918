"""The queue as members and waiting visitors see it, kept fresh without a query for each of them."""

import asyncio
import logging
import time
from dataclasses import asdict

from django.db import DatabaseError
from django.utils import timezone

from havenlight.chat import agreeing, queries
from havenlight.chat.queries import ConversationRow
from havenlight.live import wire
from havenlight.live.django import in_django
from havenlight.live.streams import Stream, Streams

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 0.2
# So that a storm of arrivals spends at most a twentieth of the time on telling how many they are.
_REST_PER_WORK = 20
# What took long mostly waited, for a lock or for a busy machine: members do not wait on for it.
_REST_MOST_SECONDS = 2.0
_AGAIN_SECONDS = 0.5
_AGAIN_MOST_SECONDS = 8.0


class Board:
    """Shows the queue to the streams of this process after each change."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._ranges: dict[str, tuple[int, int] | None] = {}
        self._stale = False
        self._refreshing: asyncio.Task[None] | None = None

    def mark(self) -> None:
        """The queue may have changed."""
        self._stale = True
        if self._refreshing is None:
            self._refreshing = asyncio.create_task(self._refresh())

    def known_to(self, stream: Stream) -> bytes:
        """What a visitor's stream is told of her wait when it opens; nothing when not known."""
        if stream.role == "v" and stream.subject in self._ranges:
            return _range_frame(self._ranges[stream.subject])
        return b""

    async def _refresh(self) -> None:
        again = _AGAIN_SECONDS
        try:
            while self._stale:
                await asyncio.sleep(_PAUSE_SECONDS)
                self._stale = False
                began = time.perf_counter()
                try:
                    await self._show()
                except DatabaseError:
                    # Nobody may change anything soon, and who waits would be seen by no one.
                    log.warning("the queue could not be read; it is tried again soon")
                    self._stale = True
                    await asyncio.sleep(again)
                    again = min(2 * again, _AGAIN_MOST_SECONDS)
                else:
                    again = _AGAIN_SECONDS
                    took = time.perf_counter() - began
                    await asyncio.sleep(min(took * _REST_PER_WORK, _REST_MOST_SECONDS))
        finally:
            self._refreshing = None

    async def _show(self) -> None:
        if members := self._streams.of_members():
            queue, hers = await in_django(queue_frames)
            for member in members:
                member.push_news(hers.get(member.subject, queue))
        ranges = await in_django(queries.wait_ranges)
        for conv, span in ranges.items():
            if conv not in self._ranges or self._ranges[conv] != span:
                for stream in self._streams.of(conv):
                    stream.push_news(_range_frame(span))
        self._ranges = ranges


def queue_frames() -> tuple[bytes, dict[str, bytes]]:
    """The queue as all see it, and as those see it for whom someone waits further behind."""
    waiting, more = queries.waiting_conversations(), queries.waiting_beyond()
    wished = queries.wished_behind(waiting) if more else {}
    rest = {
        "now": int(time.time()),
        "letters": [row.as_json() for row in queries.letters()],
        "more_letters": queries.letters_beyond(),
        "agreed": [asdict(row) for row in agreeing.agreed_around(timezone.now())],
    }

    def frame(hers: list[ConversationRow]) -> bytes:
        shown = [row.as_json() for row in (*waiting, *hers)]
        return wire.frame("w", {**rest, "waiting": shown, "more": max(0, more - len(hers))})

    return frame([]), {member: frame(hers) for member, hers in wished.items()}


def _range_frame(span: tuple[int, int] | None) -> bytes:
    wait_from, wait_to = span or (None, None)
    return wire.frame("q", {"wait_from": wait_from, "wait_to": wait_to})
