"""What the writer and the reader of a store are asked, and what they answer.

What is made for each message or stream is a named tuple, which costs half of a frozen dataclass.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from havenlight.chat.queries import StateRow
from havenlight.core.refusals import Refused

PAGE_MESSAGES = 100


class Append(NamedTuple):
    """A message to be kept. `subject` is the member who writes, or the visitor's conversation.

    `text` is `env` in base64url, as streams will be sent it.
    """

    conv: str
    id: str
    sender: str
    subject: str
    n: int
    env: bytes
    text: str


class Read(NamedTuple):
    """`who` ("v" or "c") has read up to `seq`; never further than was written."""

    conv: str
    who: str
    subject: str
    seq: int


class Seen(NamedTuple):
    """The visitors of these conversations have a stream, or `away` none."""

    convs: tuple[str, ...]
    away: bool


class Kept(NamedTuple):
    """Where a message stands, and the minute it came; `fresh` unless it was kept before."""

    seq: int
    at: int
    fresh: bool


class Done(NamedTuple):
    """A mark was noted; `changed` when it told something new."""

    changed: bool


def passes(appends: Iterable[tuple[int, Append]]) -> Iterator[list[tuple[int, Append]]]:
    """Cut a group into such as one statement can take, each job with its place in the group.

    In one pass a conversation is written to once, so that what comes second is compared with what
    came first, and the next `seq` of each is known without counting.
    """
    left = list(appends)
    while left:
        claimed: set[str] = set()
        now: list[tuple[int, Append]] = []
        later: list[tuple[int, Append]] = []
        for place, job in left:
            (later if job.conv in claimed else now).append((place, job))
            claimed.add(job.conv)
        yield now
        left = later


Write = Append | Read | Seen
Written = Kept | Done | Refused


class Glance(NamedTuple):
    """Ask for a conversation's facts and, unless `after` is None, messages from there."""

    conv: str
    after: int | None


class Facts(NamedTuple):
    """A conversation as a stream must know it."""

    state: str
    by: str | None
    alias: str | None
    last_seq: int
    visitor_read: int
    member_read: int
    visitor_away: bool
    reader: str | None = None
    reader_id: str | None = None

    @property
    def standing(self) -> StateRow:
        """What of it is told as the conversation's state."""
        return StateRow(self.state, self.by, self.alias, self.reader, self.reader_id)


class Stored(NamedTuple):
    """A message as it was kept."""

    seq: int
    id: str
    sender: str
    n: int
    at: int
    env: bytes


class Sight(NamedTuple):
    """The answer to a glance: at most PAGE_MESSAGES messages, in order of `seq`."""

    facts: Facts
    messages: tuple[Stored, ...]


class Writer(Protocol):
    """Writes groups, each as one transaction, synced before it returns; used by one thread."""

    def write(self, group: list[Write]) -> list[Written]:
        """The answer to each of `group`; raises when the database cannot be written now."""

    def close(self) -> None:
        """Let go of the database."""


class Reader(Protocol):
    """Reads for streams; used by one thread."""

    def read(self, group: list[Glance]) -> list[Sight | Refused]:
        """The sight of each conversation, or Refused when there is none."""

    def close(self) -> None:
        """Let go of the database."""
