"""Founding the helpline of an installation: an organisation without keys, and who makes them."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from havenlight.audit import actions as audit
from havenlight.team import invitations, starting
from havenlight.team.codes import Role
from havenlight.team.errors import AlreadySetUp, FoundingRefused
from havenlight.team.exits import check_exit
from havenlight.team.invitations import Link
from havenlight.team.models import Member, Organisation


@dataclass(frozen=True, slots=True)
class Founding:
    """What a helpline must say of itself before anyone can come to it."""

    name: str
    page_title: str
    emergency_number: str
    exit_url: str
    time_zone: str
    default_language: str


def found(helpline: Founding, email: str, alias: str) -> Link:
    """Make the organisation and invite its first coordinator, whose browser will make its keys.

    Raises AlreadySetUp when there is one, FoundingRefused when something given cannot be.
    """
    if Organisation.objects.exists():
        raise AlreadySetUp("this database has an organisation already")
    organisation = Organisation(
        name=helpline.name,
        page_title=helpline.page_title,
        emergency_number=helpline.emergency_number,
        exit_url=helpline.exit_url,
        time_zone=helpline.time_zone,
        default_language=helpline.default_language,
    )
    coordinator = Member(email=email, alias=alias, role=Role.COORDINATOR, is_active=False)
    coordinator.set_unusable_password()
    try:
        check_exit(helpline.exit_url)
        organisation.full_clean(exclude=["signing_key"])
        coordinator.full_clean()
    except ValidationError as refused:
        raise FoundingRefused("; ".join(refused.messages)) from None
    with transaction.atomic():
        organisation.save(force_insert=True)
        starting.add()
        coordinator.save()
        audit.record(None, "founded", organisation)
        return invitations.issue(coordinator)
