"""Writing the audit."""

from uuid import UUID

from django.db.models import Model

from havenlight.audit.models import Entry


def record(member_id: UUID | None, verb: str, subject: Model) -> None:
    """Add the line that `member_id` did `verb` to `subject`; None when the system did it.

    To be called inside the transaction of the act, so that neither stands without the other.
    """
    Entry.objects.create(
        member_id=member_id, verb=verb, kind=subject._meta.label_lower, subject=str(subject.pk)
    )
