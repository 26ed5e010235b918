"""Erasing registrations whose time has passed. Those of made-up years are left alone."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from havenlight.casework.models import Case, Contact, Registration


def registrations_before(limit: datetime) -> list[UUID]:
    """Registrations that were finished before `limit`."""
    due = Registration.objects.filter(finished_at__lt=limit, simulated=False)
    return list(due.values_list("pk", flat=True))


def all_registrations() -> list[UUID]:
    """Every registration."""
    return list(Registration.objects.values_list("pk", flat=True))


def erase(registration_ids: Iterable[UUID]) -> None:
    """Erase registrations with their corrections, and the cases that are left without any.

    A contact that is about nobody any more goes too, with how many conversations it held.
    """
    ids = list(registration_ids)
    with transaction.atomic():
        cases = list(Registration.objects.filter(pk__in=ids).values_list("case", flat=True))
        contacts = list(Contact.objects.filter(links__case__in=cases).values_list("pk", flat=True))
        Registration.objects.filter(pk__in=ids).delete()
        Case.objects.filter(pk__in=cases, registrations=None).delete()
        Contact.objects.filter(pk__in=contacts, links=None, registrations=None).delete()
