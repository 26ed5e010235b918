"""What the live part does by the clock: one timer for all streams, never one each."""

import asyncio
import logging
import time
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from havenlight.chat import actions, reading
from havenlight.core.refusals import Refused
from havenlight.live.django import in_django
from havenlight.live.hub import Hub
from havenlight.live.jobs import Glance, Seen

log = logging.getLogger(__name__)

HEARTBEAT = b":\n\n"
SWEEP_SECONDS = 10
_AT_ONCE = 200
# A wall clock that moved by more than this against the other one was set.
_CLOCK_SET_SECONDS = 5
_NOTED_ENOUGH = 2


class Silence:
    """When silence means absence.

    Grace is for who went away. While nothing could be noted, who was there looks the same as who
    was not, and so do they when the wall clock was set: only when every process has noted its own
    twice since, and who lost a process has found another, is who was not noted away.

    Args:
        clocks: by how many seconds the wall clock is ahead of one that nobody sets.
    """

    def __init__(self, clocks: float) -> None:
        self._clocks = clocks
        self._noted = 0

    def unknown(self) -> None:
        """Who is there could not be noted."""
        self._noted = 0

    def noted(self, clocks: float) -> bool:
        """Who is there was noted; whether all others are away."""
        is_set = abs(clocks - self._clocks) > _CLOCK_SET_SECONDS
        self._clocks = clocks
        self._noted = 0 if is_set else self._noted + 1
        return self._noted >= _NOTED_ENOUGH


class Rounds:
    """The rounds of one process."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._tasks: list[asyncio.Task[None]] = []
        self._sweep_now = asyncio.Event()
        self._silence = Silence(_clocks())

    def start(self) -> None:
        """Begin all rounds."""
        self._tasks = [
            asyncio.create_task(self._heartbeats()),
            asyncio.create_task(self._sweeps()),
            asyncio.create_task(self._presences()),
        ]

    async def stop(self) -> None:
        """End all rounds."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def sweep_soon(self) -> None:
        """Hints may have been lost: look at the database now."""
        self._sweep_now.set()

    async def _heartbeats(self) -> None:
        slot = 0
        while True:
            await asyncio.sleep(1)
            slot += 1
            now = time.time()
            for stream in self._hub.streams.in_slot(slot):
                if stream.expires_at <= now:
                    stream.close("token")
                else:
                    stream.push(HEARTBEAT)

    async def _sweeps(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._sweep_now.wait(), SWEEP_SECONDS)
            self._sweep_now.clear()
            try:
                await self._sweep()
            except Exception:
                log.exception("a sweep failed")

    async def _sweep(self) -> None:
        convs = self._hub.streams.conversations()
        for start in range(0, len(convs), _AT_ONCE):
            some = convs[start : start + _AT_ONCE]
            try:
                sights = await self._hub.reader.ask_all([Glance(conv, None) for conv in some])
            except Refused:
                continue  # too much waits to be read: the next sweep looks again
            for conv, sight in zip(some, sights, strict=True):
                if not isinstance(sight, Refused):
                    self._hub.check(conv, sight.facts)

    async def _presences(self) -> None:
        while True:
            await asyncio.sleep(settings.PRESENCE_SECONDS)
            try:
                await self._note_present()
                if self._silence.noted(_clocks()):
                    await in_django(actions.close_by_grace, timezone.now())
                await in_django(reading.close_lapsed, timezone.now())
            except (DatabaseError, Refused):
                self._silence.unknown()
                log.warning("the database is away; who is there is noted when it is back")
            except Exception:
                # A round that ended would never come again, and nobody would notice.
                log.exception("a round failed")
            self._hub.board.mark()

    async def _note_present(self) -> None:
        self._hub.forget_old()
        convs = tuple(self._hub.streams.conversations("v"))
        await self._hub.writer.ask(Seen(convs, away=False))


def _clocks() -> float:
    return time.time() - time.monotonic()
