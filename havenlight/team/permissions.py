"""What each role may do: the one table that gates, tests and docs/reference/permissions.md read."""

from django.db.models import TextChoices

from havenlight.team.codes import Role
from havenlight.team.models import Member


class Right(TextChoices):
    """Something that one role may do and another may not; described for the documentation."""

    ACCOUNT = "account", "see to her own way of signing in, and to her sessions"
    VISITORS = "visitors", "talk with visitors: the desk, notes, the team room, practice"
    CASES = "cases", "read and correct cases and registrations"
    REFERRALS = "referrals", "refer visitors, and take what other organisations refer"
    REVIEW = "review", "review a colleague's blocks and see to her referrals"
    READING = "reading", "read along, seen by both, and open what has ended, with a reason"
    DIRECTORY = "directory", "change the directory of organisations"
    KEYS = "keys", "give the team's key, begin an epoch, use the recovery file"
    SERVICE = "service", "see the figures of the service"
    FIGURES = "figures", "estimate, make editions of the report, and ask the explorer"
    PUBLISHING = "publishing", "publish an edition, and see counts before disclosure control"
    SETTINGS = "settings", "settle what holds for the helpline"
    AUDIT = "audit", "read the audit"
    MEMBERS = "members", "see who is a member; invite, change and remove within her own rights"


_EVERYONE = frozenset(Role)
_COUNSELS = frozenset({Role.COUNSELLOR, Role.COORDINATOR})
_COORDINATES = frozenset({Role.COORDINATOR})
_SETTLES = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})

HOLDERS: dict[Right, frozenset[Role]] = {
    Right.ACCOUNT: _EVERYONE,
    Right.VISITORS: _COUNSELS,
    Right.CASES: _COUNSELS,
    Right.REFERRALS: _COUNSELS,
    Right.REVIEW: _COORDINATES,
    Right.READING: _COORDINATES,
    Right.DIRECTORY: _COORDINATES,
    Right.KEYS: _COORDINATES,
    Right.SERVICE: _COORDINATES,
    Right.FIGURES: frozenset({Role.RESEARCHER, Role.COORDINATOR}),
    Right.PUBLISHING: _COORDINATES,
    Right.SETTINGS: _SETTLES,
    Right.AUDIT: _SETTLES,
    Right.MEMBERS: _SETTLES,
}
"""Which roles hold a right. What is not here nobody may do."""


def may(member: Member, right: Right) -> bool:
    """Whether `member`, as a member, holds `right`."""
    return member.is_active and member.role in HOLDERS[right]


def rights_of(role: str) -> frozenset[Right]:
    """All that a role may do."""
    return frozenset(right for right, roles in HOLDERS.items() if role in roles)


def may_give(member: Member, role: str) -> bool:
    """Whether `member` may let someone have `role`: nobody gives a right that she does not hold."""
    return may(member, Right.MEMBERS) and rights_of(role) <= rights_of(member.role)
