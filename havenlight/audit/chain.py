"""The chain of the audit's lines: what is hashed, and what a check of it finds."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from havenlight.audit.errors import ChainBroken

BEGIN = bytes(32)
"""What the first line holds in place of the hash of a line before it."""

_LABEL = b"havenlight/audit/1\n"


@dataclass(frozen=True, slots=True)
class Line:
    """One act as it is hashed; `number` counts from 1."""

    number: int
    at: datetime
    member_id: UUID | None
    verb: str
    kind: str
    subject: str
    reason: str
    former: bytes

    def canonical(self) -> bytes:
        """The bytes that are hashed: alike on every database and in every release."""
        fields = [
            self.number,
            self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            self.member_id.hex if self.member_id else None,
            self.verb,
            self.kind,
            self.subject,
            self.reason,
            self.former.hex(),
        ]
        return _LABEL + json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()

    def digest(self) -> bytes:
        """SHA-256 of the line, 32 bytes, which the next line holds."""
        return hashlib.sha256(self.canonical()).digest()


@dataclass(frozen=True, slots=True)
class Place:
    """A line's number and hash. Noted elsewhere, it vouches for all lines up to it."""

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.hash.hex()}"


START = Place(0, BEGIN)


def check_chain(
    lines: Iterable[tuple[Line, bytes]],
    head: Place,
    noted: Iterable[Place] = (),
    begin: Place = START,
) -> None:
    """Raise ChainBroken at the first line that is not as it was written.

    Args:
        lines: every line with the hash stored beside it, in order of number.
        head: where the chain says that it ends.
        noted: places that were noted outside the database. Who can write to the database can
            cut off its end or write all of it anew; only these show that.
        begin: the place up to which lines were forgotten because their time had passed.
    """
    expected = {place.number: place.hash for place in noted if place.number > begin.number}
    before = begin
    for line, stored in lines:
        if line.number != before.number + 1:
            raise ChainBroken(before.number + 1, "is missing or stands in another place")
        if line.former != before.hash:
            raise ChainBroken(line.number, "does not follow the line before it")
        if line.digest() != stored:
            raise ChainBroken(line.number, "was changed")
        before = Place(line.number, stored)
        if expected.pop(line.number, stored) != stored:
            raise ChainBroken(line.number, "is not the one that was noted")
    if before != head:
        raise ChainBroken(before.number + 1, "is missing: the end was cut off")
    if beyond := [number for number in expected if number]:
        raise ChainBroken(before.number + 1, f"is missing: line {max(beyond)} was noted")
