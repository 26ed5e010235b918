"""Writing the audit."""

from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from havenlight.audit.chain import BEGIN, Line
from havenlight.audit.models import Entry, Head


def record(member_id: UUID | None, verb: str, subject: Model, reason: str = "") -> None:
    """Add the line that `member_id` did `verb` to `subject`; None when the system did it.

    To be called as the last of the act, inside its transaction: neither stands without the other,
    and whoever adds the next line waits for this transaction.

    Args:
        reason: what the member gave as her reason, or which settings were changed; at most 300
            characters, and never what a visitor said.
    """
    with transaction.atomic():
        _append(member_id, verb, subject, reason)


def _append(member_id: UUID | None, verb: str, subject: Model, reason: str) -> None:
    # On PostgreSQL the lock on this row puts lines in a row; on SQLite every transaction has
    # locked the whole database when it began.
    Head.objects.get_or_create(defaults={"hash": BEGIN})
    head = Head.objects.select_for_update().get()
    line = Line(
        number=head.number + 1,
        at=timezone.now(),
        member_id=member_id,
        verb=verb,
        kind=subject._meta.label_lower,
        subject=str(subject.pk),
        reason=reason,
        former=bytes(head.hash),
    )
    digest = line.digest()
    Entry.objects.create(
        id=line.number,
        at=line.at,
        member_id=line.member_id,
        verb=line.verb,
        kind=line.kind,
        subject=line.subject,
        reason=line.reason,
        former=line.former,
        hash=digest,
    )
    Head.objects.update(number=line.number, hash=digest)
