"""What happens to a message, a mark or a state after it came in: kept, then told to all who listen.

The database is the truth. A hint that was lost shows as a gap in `seq`, or in the sweep.

The hints, each an array of MessagePack, `frame` as bytes:
    m, [[conv, seq, frame], ...]    messages that were kept
    s, conv, state, by, alias, reader, reader_id    a conversation's state
    r, conv, who, seq               read up to
    a, conv, who, on                has a stream, or is away
    t, conv, who                    is typing
    w                               the queue changed
    g, member                       what a member's token grants changed
    k, kind, fields, [members]      a colleague says something in the team room or to these
                                    members, or calls for help
    b, subject                      barred: every stream closed, every token until now void
"""

import logging
import time
from collections.abc import Callable, Sequence

from django.conf import settings

from havenlight.chat.queries import StateRow
from havenlight.core.hints import Hint
from havenlight.core.refusals import Refused
from havenlight.core.tokens import LIFETIME_SECONDS, Claims
from havenlight.live import brokers, stores, wire
from havenlight.live.asides import Aside
from havenlight.live.board import Board
from havenlight.live.delivery import Delivery
from havenlight.live.jobs import (
    Append,
    Done,
    Facts,
    Glance,
    Kept,
    Read,
    Seen,
    Sight,
    Write,
)
from havenlight.live.lane import Lane
from havenlight.live.limits import Buckets
from havenlight.live.presence import Presence
from havenlight.live.streams import Stream, Streams
from havenlight.live.told import Told

log = logging.getLogger(__name__)

WRITES_WAITING_MOST = 5_000
READS_WAITING_MOST = 20_000
# Reads open streams and heal them. Nobody notices so short a wait, and when many connect at once a
# wake-up of the thread and a statement serve several of them.
_GATHER_READS_SECONDS = 0.003
_TYPING_SECONDS = 3.0


class Hub:
    """The live part of one process."""

    def __init__(self) -> None:
        self._writing, self._reading = stores.writer(), stores.reader()
        self.writer: Lane[Write, Kept | Done] = Lane(
            "writer", self._writing.write, waiting_most=WRITES_WAITING_MOST, answered=self._written
        )
        self.reader: Lane[Glance, Sight] = Lane(
            "reader",
            self._reading.read,
            waiting_most=READS_WAITING_MOST,
            gather_seconds=_GATHER_READS_SECONDS,
        )
        self.streams = Streams(settings.LIVE_STREAMS)
        self.delivery = Delivery(self.streams, self.reader)
        self.presence = Presence(self.streams, self.tell, self._note)
        self.board = Board(self.streams)
        self.buckets = Buckets(settings.LIVE_BURST, settings.LIVE_RATE)
        self._told = Told()
        self._typed: dict[tuple[str, str], float] = {}
        self._barred: dict[str, float] = {}
        self._broker = brokers.broker()
        self._hear: dict[str, Callable[..., None]] = {
            "m": self._hear_messages,
            "s": self._hear_state,
            "r": self._hear_read,
            "a": self._hear_presence,
            "t": self._hear_typing,
            "w": self._hear_queue,
            "g": self._hear_grants,
            "k": self._hear_colleague,
            "b": self._hear_barred,
        }

    def start(self, *, swept: Callable[[], None]) -> None:
        """Begin; `swept` is told when hints may have been lost."""
        self.writer.start()
        self.reader.start()
        self._broker.start(self.hear, swept)

    async def stop(self) -> None:
        """Finish what was taken in, and let go of the database and the broker."""
        await self.writer.stop()
        await self.reader.stop()
        await self._broker.stop()
        self._writing.close()
        self._reading.close()

    def tell(self, hint: Hint) -> None:
        """Pass `hint` to every stream of the installation."""
        self.hear(hint)
        self._broker.publish(hint)

    def hear(self, hint: Hint) -> None:
        """Pass `hint` to the streams of this process."""
        self._hear[str(hint[0])](*hint[1:])

    def keep(self, message: Append, done: Callable[[Kept | Done | Refused], None]) -> None:
        """Store a message, and call `done` once it is on disk; raises Refused if it is too fast."""
        self._slow_down(message.conv, message.sender)
        self.writer.submit(message, done)

    async def kept(self, message: Append) -> Kept:
        """Store a message, and return once it is on disk; raises Refused."""
        self._slow_down(message.conv, message.sender)
        kept = await self.writer.ask(message)
        if not isinstance(kept, Kept):
            raise TypeError("a message is kept, not noted")
        return kept

    async def mark(self, read: Read) -> None:
        """Note how far a side has read, or raise Refused."""
        self._slow_down(read.conv, f"{read.who} reads")
        await self.writer.ask(read)

    def type(self, conv: str, who: str) -> None:
        """Tell the other side that `who` is typing, at most once in three seconds."""
        now = time.monotonic()
        if now - self._typed.get((conv, who), -_TYPING_SECONDS) >= _TYPING_SECONDS:
            self._typed[conv, who] = now
            self.tell(("t", conv, who))

    def open(self, stream: Stream) -> None:
        """Take in a new stream and begin to bring it up to now; raises Refused when too busy."""
        self.streams.add(stream)
        self.presence.arrived(stream)
        self.delivery.open(stream, self._greeting)
        if stream.role == "c":
            self.board.mark()

    def close(self, stream: Stream) -> None:
        """Let go of a stream whose reader has gone."""
        self.streams.remove(stream)
        self.presence.departed(stream)
        for conv in stream.due:
            if not self.streams.of(conv):
                self._told.forget(conv)
                self.presence.forget(conv)

    def is_barred(self, claims: Claims) -> bool:
        """Whether a token was minted before its subject was barred."""
        barred_at = self._barred.get(claims.subject)
        return barred_at is not None and claims.expires_at - LIFETIME_SECONDS <= barred_at

    def forget_old(self) -> None:
        """Let go of limits and bars that have run out."""
        now = time.monotonic()
        self.buckets.forget_full()
        self._typed = {key: at for key, at in self._typed.items() if now - at < _TYPING_SECONDS}
        long_ago = time.time() - LIFETIME_SECONDS
        self._barred = {subject: at for subject, at in self._barred.items() if at > long_ago}

    def check(self, conv: str, facts: Facts) -> None:
        """Compare what the streams of `conv` were told with the database, and tell the rest."""
        self.delivery.check(conv, facts.last_seq)
        self._hear_state(conv, *facts.standing)

    def _slow_down(self, *side: str) -> None:
        wait = self.buckets.take(side)
        if wait is not None:
            raise Refused("too_fast", wait)

    def _note(self, seen: Seen) -> None:
        try:
            self.writer.submit(seen, _nobody_waits)
        except Refused:
            # The next minute's round notes it again.
            log.warning("presence could not be noted")

    def _written(self, jobs: list[Write], answers: Sequence[Kept | Done | Refused]) -> None:
        group = []
        for job, answer in zip(jobs, answers, strict=True):
            if isinstance(answer, Kept):
                if answer.fresh and isinstance(job, Append):
                    conv, seq, at = job.conv, answer.seq, answer.at
                    frame = wire.message_frame(conv, seq, job.id, job.sender, job.n, at, job.text)
                    group.append((conv, seq, frame))
            elif isinstance(job, Read) and isinstance(answer, Done) and answer.changed:
                self.tell(("r", job.conv, job.who, job.seq))
        if group:
            self.delivery.messages(group)
            self._broker.publish(("m", group))

    def _greeting(self, stream: Stream, conv: str, facts: Facts) -> bytes:
        self._told.greeted(conv, facts.standing)
        self.presence.found(stream, conv, visitor_away=facts.visitor_away)
        if stream.role == "v":
            other, here = "c", not self.presence.is_away(conv, "c")
        else:
            other, here = "v", self.streams.is_there(conv, "v") or not facts.visitor_away
        return wire.greeting(conv, facts, other, here=here) + self.board.known_to(stream)

    def _push(self, conv: str, frame: bytes, *, but: str = "") -> None:
        for stream in list(self.streams.of(conv)):
            if stream.role == but:
                continue
            if conv in stream.catching:
                stream.wait_with(conv, frame)
            else:
                stream.push_news(frame)

    def _hear_messages(self, group: list[tuple[str, int, bytes]]) -> None:
        self.delivery.messages(group)

    def _hear_state(self, conv: str, *told: str | None) -> None:
        state = StateRow._make(told)
        if self.streams.of(conv) and self._told.is_news(conv, state):
            self._push(conv, _state_frame(conv, state))
            for stream in list(self.streams.of(conv)):
                if not stream.may_read(state.reader_id):
                    stream.close("token")

    def _hear_read(self, conv: str, who: str, seq: int) -> None:
        self._push(conv, wire.frame("r", {"conv": conv, "who": who, "seq": seq}))

    def _hear_presence(self, conv: str, who: str, on: bool) -> None:  # noqa: FBT001 -- by position, as the hint has it
        if self.presence.heard(conv, who, on=on):
            self._push(conv, _presence_frame(conv, who, on=on), but=who)
            self.board.mark()

    def _hear_typing(self, conv: str, who: str) -> None:
        self._push(conv, wire.frame("t", {"conv": conv, "who": who}), but=who)

    def _hear_queue(self) -> None:
        self.board.mark()

    def _hear_grants(self, member: str) -> None:
        for stream in list(self.streams.of_subject(member)):
            stream.push_news(wire.frame("g", {}))

    def _hear_colleague(
        self, kind: str, fields: dict[str, object], to: list[str] | None = None
    ) -> None:
        aside = Aside(kind, fields)
        for stream in self.streams.of_members():
            if to is None or stream.subject in to:
                stream.tell(aside)

    def _hear_barred(self, subject: str) -> None:
        self._barred[subject] = time.time()
        for stream in list(self.streams.of_subject(subject)):
            stream.close("token")


def _nobody_waits(_answer: Kept | Done | Refused) -> None:
    """A mark that could not be written is written by the next round."""


def _state_frame(conv: str, row: StateRow) -> bytes:
    told = {"state": row.state, "by": row.by, "alias": row.alias, "reader": row.reader}
    return wire.frame("s", {"conv": conv, **told})


def _presence_frame(conv: str, who: str, *, on: bool) -> bytes:
    return wire.frame("a", {"conv": conv, "who": who, "on": on})
