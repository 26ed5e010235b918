"""What a reader checks of a conversation as it comes in (docs/protocol.md, section 2)."""

import operator
from dataclasses import dataclass
from enum import StrEnum

from havenlight.core.errors import HavenlightError
from havenlight.core.seal.envelope import Place, Said, message_key, open_envelope
from havenlight.core.seal.errors import EncodingRefused, SealBroken
from havenlight.core.seal.keys import VISITOR


class GapFound(HavenlightError):
    """A message came before the one that goes before it; the stream must be opened again."""


class Outcome(StrEnum):
    """What became of one message: read, a repeat of an earlier one, or not to be opened."""

    READ = "read"
    REPEATED = "repeated"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Reading:
    """One message after all checks.

    `said` is there only when it was read. `missing` says that before this message others are
    missing, which were not yet reported; that is shown, whatever else happens.
    """

    seq: int
    place: Place
    outcome: Outcome
    said: Said | None
    missing: bool


class Reader:
    """Opens the messages of one conversation in order and notices what is missing from it."""

    def __init__(self, conversation_key: bytes, conversation: str) -> None:
        self.conversation = conversation
        self.seq = 0
        self._key = conversation_key
        self._keys: dict[str, bytes] = {}
        self._last_n: dict[str, int] = {}
        # Both of the visitor and of the members: what was read, and what was read or reported.
        self._held = [0, 0]
        self._accounted = [0, 0]

    @property
    def seen(self) -> tuple[int, int]:
        """How many messages of the visitor and of the members are held: for `Said.seen`."""
        return self._held[0], self._held[1]

    def last_n(self, sender: str) -> int:
        """The counter of the last message held of `sender`; 0 when there is none."""
        return self._last_n.get(sender, 0)

    def key_for(self, sender: str) -> bytes:
        """The message key of the direction in which `sender` writes."""
        side = VISITOR if sender == VISITOR else "c"
        if side not in self._keys:
            self._keys[side] = message_key(self._key, self.conversation, sender)
        return self._keys[side]

    def read(self, seq: int, place: Place, envelope: bytes) -> Reading | None:
        """Take the message `seq`; None when it is already held, GapFound when it is too early."""
        if seq <= self.seq:
            return None
        if seq > self.seq + 1:
            raise GapFound(f"message {seq} came after {self.seq}")
        self.seq = seq
        try:
            said = open_envelope(envelope, place, self.key_for(place.sender))
        except (EncodingRefused, SealBroken):
            return Reading(seq, place, Outcome.UNREADABLE, None, missing=False)
        if place.n <= self.last_n(place.sender):
            return Reading(seq, place, Outcome.REPEATED, None, missing=False)
        return Reading(seq, place, Outcome.READ, said, missing=self._count(place, said))

    def _count(self, place: Place, said: Said) -> bool:
        """Note a message that was read; True when others are missing and not yet reported."""
        skipped = place.n > self.last_n(place.sender) + 1
        self._last_n[place.sender] = place.n
        self._held[0 if place.sender == VISITOR else 1] += 1
        visitor = self.last_n(VISITOR)
        counted = (visitor, sum(self._last_n.values()) - visitor)
        self._accounted = list(map(max, self._accounted, counted))
        unseen = any(map(operator.gt, said.seen, self._accounted))
        self._accounted = list(map(max, self._accounted, said.seen))
        return skipped or unseen
