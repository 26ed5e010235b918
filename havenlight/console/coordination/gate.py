"""Who may come to a page of coordination."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from havenlight.team.codes import Role
from havenlight.team.views import MemberRequest, member_required

P = ParamSpec("P")
Page = Callable[Concatenate[MemberRequest, P], HttpResponse]


def for_roles(roles: Collection[Role]) -> Callable[[Page[P]], Page[P]]:
    """Let only members of `roles` to a page; who is not signed in is sent to sign in."""

    def gate(page: Page[P]) -> Page[P]:
        @wraps(page)
        def checked(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.user.role not in roles:
                raise PermissionDenied
            return page(request, *args, **kwargs)

        return member_required(checked)

    return gate
