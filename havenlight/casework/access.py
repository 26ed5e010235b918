"""The only way to a case, a contact or a registration from outside casework's own tables."""

from uuid import UUID

from havenlight.casework.errors import NotAllowed
from havenlight.casework.models import Case, Contact, Link, Registration
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may


def check_works(member: Member) -> None:
    """Raise NotAllowed unless `member` works with cases: who counsels does."""
    if not may(member, Right.CASES):
        raise NotAllowed


def case_for(member: Member, case_id: UUID) -> Case:
    """A case that `member` may work with, or raise NotAllowed."""
    check_works(member)
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise NotAllowed
    return case


def contact_for(member: Member, contact_id: UUID) -> Contact:
    """A contact that `member` may work with, or raise NotAllowed."""
    check_works(member)
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise NotAllowed
    return contact


def link_for(member: Member, link_id: int) -> Link:
    """A link that `member` may end, or raise NotAllowed."""
    check_works(member)
    link = Link.objects.filter(pk=link_id).select_related("case", "contact").first()
    if link is None:
        raise NotAllowed
    return link


def registration_for(member: Member, registration_id: UUID) -> Registration:
    """A registration that `member` may read and correct, or raise NotAllowed."""
    check_works(member)
    found = Registration.objects.filter(pk=registration_id)
    registration = found.select_related("case", "finished_by").first()
    if registration is None:
        raise NotAllowed
    return registration
