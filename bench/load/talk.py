"""Conversations in which the two sides take turns: a message is done when both sides have it."""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

VISITOR, MEMBER = 0, 1


class LoadFailed(Exception):
    """A server refused or lost something; a figure of such a run would mean nothing."""


class Line(Protocol):
    """How the two sides of one conversation write."""

    def send(self, side: int, number: int) -> bytes:
        """Send the message of that number (from 0) of a side; its id, as it comes back."""


@dataclass(slots=True)
class _Message:
    turn: int
    sent_at: float
    acknowledged: bool = False
    delivered_at: float = 0.0


class Talk:
    """Sends, and takes note of what came back; times in seconds of the monotonic clock.

    A message counts once it was acknowledged to its sender and delivered to the other side.
    """

    def __init__(self, *, goes_on: bool) -> None:
        self.goes_on = goes_on
        self.delays: list[float] = []
        self._lines: list[Line] = []
        self._turns: list[int] = []
        self._on_the_way: dict[bytes, tuple[int, _Message]] = {}
        self._none_on_the_way = asyncio.Event()

    def add(self, line: Line) -> None:
        """Take in one more conversation."""
        self._lines.append(line)
        self._turns.append(0)

    def __len__(self) -> int:
        return len(self._lines)

    def send(self, index: int) -> None:
        """Let the side whose turn it is write the next message of a conversation."""
        turn = self._turns[index]
        self._turns[index] = turn + 1
        sent_at = time.monotonic()
        id_ = self._lines[index].send(turn % 2, turn // 2)
        self._on_the_way[id_] = index, _Message(turn, sent_at)

    def acknowledged(self, id_: bytes) -> None:
        """The sender knows that a message was kept."""
        index, message = self._on_the_way[id_]
        message.acknowledged = True
        if message.delivered_at:
            self._done(id_, index, message)

    def delivered(self, id_: bytes) -> None:
        """The other side has a message."""
        index, message = self._on_the_way[id_]
        message.delivered_at = time.monotonic()
        if message.acknowledged:
            self._done(id_, index, message)

    async def finish(self) -> None:
        """Begin nothing new, and wait for what is on the way."""
        self.goes_on = False
        if self._on_the_way:
            self._none_on_the_way.clear()
            await self._none_on_the_way.wait()

    def _done(self, id_: bytes, index: int, message: _Message) -> None:
        del self._on_the_way[id_]
        self.delays.append(message.delivered_at - message.sent_at)
        if self.goes_on:
            self.send(index)
        elif not self._on_the_way:
            self._none_on_the_way.set()


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all values do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
