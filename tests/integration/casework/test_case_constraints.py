"""What the database itself refuses of links and merges, whoever writes to it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from havenlight.casework.codes import Confidence, Reason
from havenlight.casework.models import Case, Contact, ContactYear, Link, Merge

pytestmark = pytest.mark.django_db

JUDGED = {"reason": Reason.SAID_SO, "confidence": Confidence.CERTAIN}
ENDED = {"ended_at": timezone.now(), "ended_reason": Reason.MISTAKE}


def make_link(contact: Contact, case: Case, **fields: object) -> Link:
    return Link.objects.create(contact=contact, case=case, **JUDGED | fields)


def make_merge(case: Case, into: Case, **fields: object) -> Merge:
    return Merge.objects.create(case=case, into=into, **JUDGED | fields)


def test_a_contact_is_linked_to_a_case_once_at_a_time() -> None:
    contact, case = Contact.objects.create(began_on=date(2026, 1, 1)), Case.objects.create()
    make_link(contact, case, **ENDED)
    make_link(contact, case)
    with pytest.raises(IntegrityError):
        make_link(contact, case)


def test_a_case_is_merged_into_one_at_a_time() -> None:
    one, other, third = (Case.objects.create() for _ in range(3))
    make_merge(one, other, **ENDED)
    make_merge(one, other)
    with pytest.raises(IntegrityError):
        make_merge(one, third)


def test_a_case_is_not_merged_into_itself() -> None:
    case = Case.objects.create()
    with pytest.raises(IntegrityError, match="not_merged_into_itself"):
        make_merge(case, case)


@pytest.mark.parametrize("missing", ENDED)
def test_a_link_ends_for_a_reason_at_some_time(missing: str) -> None:
    contact, case = Contact.objects.create(began_on=date(2026, 1, 1)), Case.objects.create()
    part = {key: value for key, value in ENDED.items() if key != missing}
    with pytest.raises(IntegrityError, match="unlinked_for_a_reason_at_some_time"):
        make_link(contact, case, **part)


@pytest.mark.parametrize("missing", ENDED)
def test_a_merge_ends_for_a_reason_at_some_time(missing: str) -> None:
    part = {key: value for key, value in ENDED.items() if key != missing}
    with pytest.raises(IntegrityError, match="split_for_a_reason_at_some_time"):
        make_merge(Case.objects.create(), Case.objects.create(), **part)


def test_a_contact_is_counted_once_a_year_and_never_as_none() -> None:
    contact = Contact.objects.create(began_on=date(2026, 1, 1))
    year = {"contact": contact, "year": 2026}
    with transaction.atomic(), pytest.raises(IntegrityError, match="no_row_for_a_year_without"):
        ContactYear.objects.create(**year, conversations=0)
    ContactYear.objects.create(**year, conversations=1)
    with pytest.raises(IntegrityError):
        ContactYear.objects.create(**year, conversations=1)
