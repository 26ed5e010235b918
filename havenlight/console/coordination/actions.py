"""Saving what a helpline settles, and looking at it before."""

from collections.abc import Callable

from django.db import transaction

from havenlight.audit import actions as audit
from havenlight.console.coordination.sections import Part, Scope, Section, changes_of
from havenlight.team import queries as team
from havenlight.team.models import Member

_REASON_LENGTH = 300


def settle(member: Member, section: Section, scope: Scope, parts: list[Part]) -> None:
    """Save valid `parts` of a section, with one line in the audit that tells what changed."""
    where = "/".join(filter(None, (section.slug, scope.language, scope.topic)))
    told = f"{where}: {'; '.join(change.brief() for change in changes_of(parts))}"
    with transaction.atomic():
        for part in parts:
            part.save()
        audit.record(member.pk, "settled", team.organisation(), told[:_REASON_LENGTH])


def as_if_settled(parts: list[Part], look: Callable[[], str]) -> str:
    """What `look` sees when valid `parts` are saved; nothing stays saved."""
    with transaction.atomic():
        for part in parts:
            part.save()
        seen = look()
        transaction.set_rollback(True)
    return seen
