"""What others may read of cases, as typed rows; `registrations.py` has those of a year."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from havenlight.casework import registrations
from havenlight.casework.models import Link, Registration
from havenlight.casework.tree import members, root


@dataclass(frozen=True, slots=True)
class CaseOfContact:
    """A person whom a contact is about."""

    case: UUID
    first_seen_on: date
    registrations: int


def cases_of_contact(contact: UUID) -> tuple[CaseOfContact, ...]:
    """The persons a contact is about now, who was seen first first."""
    into, first = registrations.merges(), registrations.first_seen()
    linked = Link.objects.filter(contact=contact, ended_at=None).values_list("case", flat=True)
    rows = [
        CaseOfContact(
            case,
            first[case],
            Registration.objects.filter(case__in=members(case, into)).count(),
        )
        for case in {root(one, into) for one in linked}
    ]
    return tuple(sorted(rows, key=lambda row: (row.first_seen_on, row.case)))
