"""What others may read of the audit, as typed rows."""

import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from havenlight.audit.chain import START, Line, Place, check_chain
from havenlight.audit.erasing import FORGOT
from havenlight.audit.errors import NotAPlace
from havenlight.audit.models import Entry, Head

_PLACE = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """A line as a reader sees it; `alias` is None when the system did it."""

    number: int
    at: datetime
    alias: str | None
    verb: str
    kind: str
    subject: str
    reason: str


def rows(
    *, before: int | None = None, verb: str = "", member_id: UUID | None = None, limit: int
) -> list[Row]:
    """The newest lines first, at most `limit`; only those numbered below `before` when given."""
    found = Entry.objects.order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    if verb:
        found = found.filter(verb=verb)
    if member_id:
        found = found.filter(member_id=member_id)
    columns = ("pk", "at", "member__alias", "verb", "kind", "subject", "reason")
    return [Row(*values) for values in found.values_list(*columns)[:limit]]


def verbs() -> list[str]:
    """Every verb that occurs."""
    return list(Entry.objects.order_by("verb").values_list("verb", flat=True).distinct())


def head() -> Place:
    """The last line's number and hash, to be noted outside this database."""
    return _place(Head.objects.first())


def read_place(text: str) -> Place:
    """A place as it was printed, or raise NotAPlace."""
    found = _PLACE.match(text.strip())
    if not found:
        raise NotAPlace
    return Place(int(found[1]), bytes.fromhex(found[2]))


def check(noted: list[Place]) -> Place:
    """Check every line and tell the last one's place, or raise ChainBroken."""
    # With the head locked nobody adds a line meanwhile; a check of a million takes seconds.
    with transaction.atomic():
        end = _place(Head.objects.select_for_update().first())
        # A broken chain ends the reading early; on PostgreSQL its cursor must then be closed.
        with closing(_lines()) as lines:
            check_chain(lines, end, noted, begin())
    return end


def begin() -> Place:
    """Where the chain begins: at line 1, or after what was forgotten, if a later line says so."""
    first = Entry.objects.order_by("pk").first()
    if first is None or first.pk == 1:
        return START
    place = Place(first.pk - 1, bytes(first.former))
    told = Entry.objects.filter(verb=FORGOT, reason=str(place)).exists()
    return place if told else START


def _place(found: Head | None) -> Place:
    return Place(found.number, bytes(found.hash)) if found else START


def _lines() -> Generator[tuple[Line, bytes]]:
    for entry in Entry.objects.order_by("pk").iterator(chunk_size=2000):
        line = Line(
            entry.pk,
            entry.at,
            entry.member_id,
            entry.verb,
            entry.kind,
            entry.subject,
            entry.reason,
            bytes(entry.former),
        )
        yield line, bytes(entry.hash)
