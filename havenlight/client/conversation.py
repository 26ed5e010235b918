"""One conversation as one side keeps it: what was read, and the counter of what it says."""

import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from havenlight.client.errors import ProtocolBroken
from havenlight.client.events import Message
from havenlight.client.link import Fields
from havenlight.core.ids import new_id
from havenlight.core.seal import envelope
from havenlight.core.seal.encoding import b64, unb64
from havenlight.core.seal.errors import EncodingRefused
from havenlight.core.seal.keys import VISITOR
from havenlight.core.seal.reading import Reader


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as it is posted: sealed once, and sent unchanged until it is answered."""

    id: str
    n: int
    env: str

    def as_json(self) -> Fields:
        """The body of the request."""
        return {"id": self.id, "n": self.n, "env": self.env}


class Conversation:
    """The keys and counters of one conversation; neither network nor disk."""

    def __init__(self, key: bytes, conv: str, sender: str) -> None:
        self.conv = conv
        self.sender = sender
        self.outbox: deque[Entry] = deque()
        self._reader = Reader(key, conv)
        self._answered_n = 0

    @property
    def seq(self) -> int:
        """The last message held, from which a stream is resumed."""
        return self._reader.seq

    def say(self, text: str, card: dict[str, Any] | None = None) -> Entry:
        """Seal `text` as the next message and put it in the outbox; raises TextRefused.

        `card` is what a page may show in place of the text, such as a question for consent.
        """
        held_n = self._reader.last_n(self.sender)
        n = max(held_n, self._answered_n, *(entry.n for entry in self.outbox)) + 1
        visitor, members = self._reader.seen
        # Its own that did not come back yet are stored before this one.
        own = n - 1 - held_n
        seen = (visitor + own, members) if self.sender == VISITOR else (visitor, members + own)
        place = envelope.Place(self.conv, self.sender, n, new_id())
        said = envelope.Said(text, seen, at=int(time.time() // 60), card=card)
        sealed = envelope.seal(said, place, self._reader.key_for(self.sender))
        entry = Entry(place.id, n, b64(sealed))
        self.outbox.append(entry)
        return entry

    def answered(self, entry: Entry) -> None:
        """Take the first of the outbox away: it is stored."""
        self.outbox.remove(entry)
        self._answered_n = entry.n

    def take(self, fields: Fields) -> Message | None:
        """The message of an `m` event; None when it is held already, GapFound when too early."""
        seq, n, at = fields["seq"], fields["n"], fields["at"]
        if not all(type(number) is int for number in (seq, n, at)):
            raise ProtocolBroken("a number of a message is none")
        place = envelope.Place(self.conv, fields["from"], n, fields["id"])
        reading = self._reader.read(seq, place, _envelope(fields["env"]))
        if reading is None:
            return None
        return Message(self.conv, reading, at, is_mine=place.sender == self.sender)


def _envelope(text: str) -> bytes:
    try:
        return unb64(text)
    except EncodingRefused:
        # Not an envelope either: the reader reports it as one that does not open.
        return b""
