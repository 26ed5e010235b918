"""What comes down the stream, as whoever reads it sees it (docs/protocol.md, section 5)."""

from dataclasses import dataclass
from typing import Any

from havenlight.core.seal.reading import Reading


@dataclass(frozen=True, slots=True)
class Message:
    """A message after all checks: `reading.said` is what was said, when it could be read.

    `at` is the server's minute; `is_mine` is true for the reader's own, from another tab too.
    """

    conv: str
    reading: Reading
    at: int
    is_mine: bool

    @property
    def text(self) -> str | None:
        """What was said; None when it could not be read or is a repeat."""
        return self.reading.said.text if self.reading.said else None


@dataclass(frozen=True, slots=True)
class State:
    """The state of a conversation, who brought it there, and who answers and reads along."""

    conv: str
    state: str
    by: str | None
    alias: str | None
    reader: str | None


@dataclass(frozen=True, slots=True)
class ReadUpTo:
    """One side ("v" or "c") has read up to `seq`."""

    conv: str
    who: str
    seq: int


@dataclass(frozen=True, slots=True)
class Presence:
    """The other side has a stream, or is away."""

    conv: str
    who: str
    on: bool


@dataclass(frozen=True, slots=True)
class Typing:
    """The other side is typing; to be forgotten after 6 s."""

    conv: str
    who: str


@dataclass(frozen=True, slots=True)
class Wait:
    """How long the visitor may have to wait, in minutes; None when it cannot be said."""

    wait_from: int | None
    wait_to: int | None


@dataclass(frozen=True, slots=True)
class Queue:
    """Who waits, in the order in which they should be answered.

    `letters` were left to be answered when somebody can; `agreed` are the times of this shift at
    which somebody may come back. Of many who wait, and of many letters, the first 100 are told,
    after them who waits for this member, and how many `more` there are.
    """

    waiting: list[dict[str, Any]]
    more: int
    letters: list[dict[str, Any]]
    more_letters: int
    agreed: list[dict[str, Any]]


Event = Message | State | ReadUpTo | Presence | Typing | Wait | Queue
