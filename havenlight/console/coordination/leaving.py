"""A member who leaves: what she had in hand goes to a colleague in the same transaction."""

from django.db import transaction

from havenlight.chat import handing_over
from havenlight.team import duty, members
from havenlight.team.models import Member
from havenlight.team.permissions import HOLDERS, Right, may


def remove(member: Member, by: Member) -> None:
    """Remove `member` as `members.remove` does; the visitors she talked with are not left alone."""
    with transaction.atomic():
        members.remove(member, by)
        heir = _heir(by)
        if heir is not None:
            handing_over.pass_on(member, heir)


def _heir(by: Member) -> Member | None:
    """Who goes on: she who removes, else who is there, else a coordinator."""
    if may(by, Right.VISITORS):
        return by
    there = [one.member for one in duty.on_duty()]
    coordinators = Member.objects.filter(is_active=True, role__in=HOLDERS[Right.KEYS])
    return next(iter([*there, *coordinators]), None)
