"""The way from Django's threads into the live part of the same process."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from havenlight.core.refusals import Refused
from havenlight.live.hub import Hub
from havenlight.live.jobs import Append, Kept, Read

T = TypeVar("T")

_ANSWER_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Inside:
    """The hub of this process, and the loop it runs on."""

    hub: Hub
    loop: asyncio.AbstractEventLoop

    def keep(self, message: Append) -> Kept:
        """Store a message as the hot path does; returns once it is on disk, or raises Refused."""
        return self._answer(self.hub.kept(message))

    def mark(self, read: Read) -> None:
        """Note how far a side has read, or raise Refused."""
        self._answer(self.hub.mark(read))

    def _answer(self, work: Coroutine[Any, Any, T]) -> T:
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return future.result(_ANSWER_SECONDS)
        except TimeoutError:
            # It may still be stored: the same id again is known by then.
            raise Refused("busy", 2) from None


_running: list[Inside] = []


def open_to(hub: Hub) -> None:
    """Let Django's views reach `hub`; called on the loop that serves."""
    _running.append(Inside(hub, asyncio.get_running_loop()))


def close() -> None:
    """Nobody is let in any more."""
    _running.clear()


def live() -> Inside:
    """The live part of this process; Refused as stopping when it does not run."""
    if not _running:
        raise Refused("stopping", 2)
    return _running[-1]
