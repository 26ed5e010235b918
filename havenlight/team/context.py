"""What every template may ask of the member who looks at it."""

from django.http import HttpRequest

from havenlight.team.models import Member
from havenlight.team.permissions import Right, rights_of


def rights(request: HttpRequest) -> dict[str, dict[str, bool]]:
    """`may.settings` and so on, for the right that a link needs."""
    member = getattr(request, "user", None)
    held = rights_of(member.role) if isinstance(member, Member) else frozenset()
    # Those she lacks too: a template that finds no `keys` in a dictionary takes its method.
    return {"may": {right.value: right in held for right in Right}}
