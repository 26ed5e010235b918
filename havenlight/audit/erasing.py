"""Forgetting the oldest lines of the audit, so that the chain of the others still holds."""

from datetime import datetime

from django.db import transaction

from havenlight.audit.actions import record
from havenlight.audit.chain import Place
from havenlight.audit.models import Entry, Head

FORGOT = "forgot"


def count_before(limit: datetime) -> int:
    """How many lines are older than `limit`, up to the first that is not."""
    first_kept = Entry.objects.filter(at__gte=limit).order_by("pk").first()
    older = Entry.objects.filter(at__lt=limit)
    return (older.filter(pk__lt=first_kept.pk) if first_kept else older).count()


def forget_before(limit: datetime) -> int:
    """Delete the lines that are older than `limit`, and tell how many those were.

    A new line names the place up to which was forgotten. With it the check accepts that the chain
    begins there, and nowhere else.
    """
    with transaction.atomic():
        Head.objects.select_for_update().first()
        count = count_before(limit)
        if not count:
            return 0
        last = Entry.objects.order_by("pk")[count - 1]
        place = Place(last.pk, bytes(last.hash))
        record(None, FORGOT, last, str(place))
        Entry.objects.filter(pk__lte=last.pk).delete()
    return count
