"""Who is a member: inviting, joining, changing a role, removing. Nobody's row is ever deleted."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.core import hints
from havenlight.team import duty, invitations, member_keys, ways_in
from havenlight.team.codes import Role, Standing
from havenlight.team.entrance_models import Invitation, MemberSession
from havenlight.team.errors import MemberRefused, NotAllowed
from havenlight.team.invitations import Link
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may, may_give, rights_of
from havenlight.team.ways_in import Second


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as the page of members shows her to one who sees to them."""

    member: Member
    link_until: datetime | None
    """Until when a link lasts by which she may join, or come back in."""
    can_change: bool
    can_remove: bool


def listed(by: Member) -> list[MemberRow]:
    """Who is a member, or was invited and has not joined, by alias; who was removed is not."""
    now = timezone.now()
    links = dict(
        Invitation.objects.filter(expires_at__gt=now).values_list("member_id", "expires_at")
    )
    return [
        MemberRow(one, links.get(one.pk), can_change(one, by), can_remove(one, by))
        for one in Member.objects.filter(removed_at=None).order_by("alias", "pk")
    ]


def invite(email: str, alias: str, role: str, by: Member) -> Link:
    """Invite someone by a link that is shown once.

    Raises NotAllowed when `by` may not give `role`, MemberRefused when the address is taken.
    """
    if not may_give(by, role):
        raise NotAllowed
    with transaction.atomic():
        if Member.objects.filter(email__iexact=email).exists():
            raise MemberRefused("taken")
        member = Member(email=email, alias=alias, role=role, is_active=False)
        member.set_unusable_password()
        member.save()
        link = invitations.issue(member)
        audit.record(by.pk, "invited", member, role)
    return link


def invite_again(member: Member, by: Member) -> Link:
    """A fresh link for `member`, who lost the first one or what she signs in with.

    Until it is used she signs in as before; then all that she signed in with is void. Raises
    NotAllowed when `by` may not.
    """
    if not can_change(member, by):
        raise NotAllowed
    with transaction.atomic():
        link = invitations.issue(member)
        audit.record(by.pk, "gave a new link", member)
    return link


def join(member: Member, check: bytes, *, password: str | None, second: Second) -> Authenticator:
    """Let `member` in by her link, which is used up; NotAllowed when it was used or has expired.

    What she signed in with before is void, and so are her sessions: who asked for a new link may
    have lost her things to someone else.
    """
    with transaction.atomic():
        invitations.use(member, check)
        _end_sessions(member)
        Authenticator.objects.filter(user=member).delete()
        factor = ways_in.keep(member, second)
        member.set_password(password)
        member.is_active = True
        member.save()
        audit.record(member.pk, "joined", member)
    return factor


def change_role(member: Member, role: Role, by: Member) -> None:
    """Give `member` another role; what it does not hold is closed to her at once.

    Raises NotAllowed when `by` may not, MemberRefused when no coordinator would be left.
    """
    if not can_change(member, by) or not may_give(by, role):
        raise NotAllowed
    with transaction.atomic():
        _check_not_last(member, role)
        former, member.role = member.role, role
        Member.objects.filter(pk=member.pk).update(role=role)
        if Right.VISITORS not in rights_of(role):
            member_keys.destroy(member)
        _bar(member)
        audit.record(by.pk, "changed the role", member, f"{former} -> {role}")


def remove(member: Member, by: Member) -> None:
    """End the membership of `member`: sessions, streams and keys go with it, at once.

    Her alias stays, for the audit and for what she did; her address and all that she signed in
    with are erased. Raises NotAllowed when `by` may not, MemberRefused for the last coordinator.
    """
    if not can_remove(member, by):
        raise NotAllowed
    with transaction.atomic():
        _check_not_last(member, None)
        _end_sessions(member)
        member_keys.destroy(member)
        Authenticator.objects.filter(user=member).delete()
        member.email = f"{member.pk.hex}@removed.invalid"
        member.set_unusable_password()
        member.is_active, member.removed_at = False, timezone.now()
        member.last_login = None
        member.save()
        Invitation.objects.filter(member=member).delete()
        _bar(member)
        audit.record(by.pk, "removed", member)


def can_change(member: Member, by: Member) -> bool:
    """Whether `by` may give `member` a link or another role: nobody may to herself."""
    return can_remove(member, by) and may_give(by, member.role)


def can_remove(member: Member, by: Member) -> bool:
    """Whether `by` may remove `member`: whoever sees to members may, since it opens nothing."""
    return member != by and member.removed_at is None and may(by, Right.MEMBERS)


def _check_not_last(member: Member, role: Role | None) -> None:
    # Locked, so that two coordinators do not remove each other at the same moment.
    coordinators = Member.objects.select_for_update().filter(role=Role.COORDINATOR, is_active=True)
    others = [one for one in coordinators if one != member]
    if member.role == Role.COORDINATOR and role != Role.COORDINATOR and not others:
        raise MemberRefused("last")


def _end_sessions(member: Member) -> None:
    MemberSession.objects.filter(member=member).delete()
    _bar(member)


def _bar(member: Member) -> None:
    """Close her streams and void her tokens, once what was done is in the database."""
    duty.go(member, Standing.OFF)
    transaction.on_commit(lambda: hints.publish(("b", member.pk.hex)))
