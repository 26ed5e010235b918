"""Who has a stream and who is away. Phones drop their connection all the time; that ends none."""

import asyncio
from collections.abc import Callable

from havenlight.core.hints import Hint
from havenlight.core.tokens import READER
from havenlight.live.jobs import Seen
from havenlight.live.streams import Stream, Streams

AWAY_AFTER_SECONDS = 3.0


class Presence:
    """Notices arrivals and departures on the streams of this process, and tells the others.

    Args:
        tell: passes a hint to all processes, this one included.
        note: writes down that visitors are there or away.
    """

    def __init__(
        self, streams: Streams, tell: Callable[[Hint], None], note: Callable[[Seen], None]
    ) -> None:
        self._streams = streams
        self._tell = tell
        self._note = note
        self._leaving: dict[tuple[str, str], asyncio.TimerHandle] = {}
        self._away: set[tuple[str, str]] = set()

    def is_away(self, conv: str, who: str) -> bool:
        """Whether `who` was last heard to be away from `conv`; who was never heard of is there."""
        return (conv, who) in self._away

    def arrived(self, stream: Stream) -> None:
        """`stream` was added. A member is announced; of a visitor the database knows: `found`.

        Of who reads along the conversation's state tells.
        """
        if stream.role == READER:
            return
        for conv in stream.due:
            key = (conv, stream.role)
            leaving = self._leaving.pop(key, None)
            if leaving is not None:
                leaving.cancel()
            elif stream.role == "c" and self._count(conv, "c") == 1:
                self._turn(conv, "c", away=False)

    def found(self, stream: Stream, conv: str, *, visitor_away: bool) -> None:
        """What the database says of the visitor of a conversation that `stream` opens."""
        if visitor_away and stream.role == "v":
            self._turn(conv, "v", away=False)

    def departed(self, stream: Stream) -> None:
        """`stream` was removed; who does not come back within seconds is away."""
        if stream.role == READER:
            return
        for conv in stream.due:
            key = (conv, stream.role)
            if not self._streams.is_there(conv, stream.role) and key not in self._leaving:
                self._leaving[key] = asyncio.get_running_loop().call_later(
                    AWAY_AFTER_SECONDS, self._gone, conv, stream.role
                )

    def heard(self, conv: str, who: str, *, on: bool) -> bool:
        """Take in what a process tells; False when this one knows better and said so."""
        if not on and self._streams.is_there(conv, who):
            self._turn(conv, who, away=False)
            return False
        if on:
            self._away.discard((conv, who))
        elif self._streams.of(conv):
            self._away.add((conv, who))
        return True

    def forget(self, conv: str) -> None:
        """Nobody listens to `conv` here any more."""
        self._away -= {(conv, "v"), (conv, "c")}

    def _count(self, conv: str, who: str) -> int:
        return sum(stream.role == who for stream in self._streams.of(conv))

    def _gone(self, conv: str, who: str) -> None:
        del self._leaving[conv, who]
        if not self._streams.is_there(conv, who):
            self._turn(conv, who, away=True)

    def _turn(self, conv: str, who: str, *, away: bool) -> None:
        if who == "v":
            self._note(Seen((conv,), away))
        self._tell(("a", conv, who, not away))
