"""Writing persons who come from elsewhere: a spreadsheet, an export, a simulated year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice

from django.db import transaction

from havenlight.audit import actions as audit
from havenlight.casework.answers import as_json
from havenlight.casework.codebook import Codebook, Complete
from havenlight.casework.codes import Confidence, Reason
from havenlight.casework.models import Case, Contact, ContactYear, Link, Registration
from havenlight.team.models import Member

_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact from elsewhere, and how many conversations it held in the year it began.

    None when nobody knows how many.
    """

    began_on: date
    conversations: int | None = None


@dataclass(frozen=True, slots=True)
class NewCase:
    """A person from elsewhere: her contacts, and one registration."""

    contacts: tuple[NewContact, ...]
    """At least one; she was first seen on the earliest."""
    answers: Complete


@dataclass(frozen=True, slots=True)
class _Rows:
    """One person as rows that are not written yet."""

    case: Case
    contacts: list[Contact]
    years: list[ContactYear]
    links: list[Link]
    registration: Registration


@transaction.atomic
def write(
    cases: Iterable[NewCase], codebook: Codebook, *, simulated: bool, by: Member | None
) -> int:
    """Write all of these persons or none, and tell how many; by None when the system did.

    They may be a hundred thousand, so few of them are held at a time. Raises ValueError for a
    person without a day of contact.
    """
    first, count = None, 0
    coming = (_rows(new, codebook, simulated=simulated, by=by) for new in cases)
    while group := list(islice(coming, _AT_A_TIME)):
        _write(group)
        first = first or group[0].registration
        count += len(group)
    if first:
        # One line for all of them: it names the first.
        audit.record(by.pk if by else None, "imported registrations", first)
    return count


def _write(persons: list[_Rows]) -> None:
    Case.objects.bulk_create(one.case for one in persons)
    Contact.objects.bulk_create(chain.from_iterable(one.contacts for one in persons))
    ContactYear.objects.bulk_create(chain.from_iterable(one.years for one in persons))
    Link.objects.bulk_create(chain.from_iterable(one.links for one in persons))
    Registration.objects.bulk_create(one.registration for one in persons)


def _rows(new: NewCase, codebook: Codebook, *, simulated: bool, by: Member | None) -> _Rows:
    if not new.contacts:
        raise ValueError("a person needs a day of contact")
    case = Case(simulated=simulated)
    told = sorted(new.contacts, key=lambda one: one.began_on)
    contacts = [Contact(began_on=one.began_on) for one in told]
    years = [
        ContactYear(contact_id=contact.pk, year=one.began_on.year, conversations=one.conversations)
        for one, contact in zip(told, contacts, strict=True)
        if one.conversations is not None
    ]
    links = [
        Link(
            contact_id=contact.pk,
            case_id=case.pk,
            reason=Reason.IMPORTED,
            confidence=Confidence.CERTAIN,
            by=by,
        )
        for contact in contacts
    ]
    registration = Registration(
        case_id=case.pk,
        contact_id=contacts[0].pk,
        codebook=codebook.version,
        answers=as_json(new.answers),
        simulated=simulated,
        finished_by=by,
    )
    return _Rows(case, contacts, years, links, registration)
