"""Who may come to a page of the report."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone

from havenlight.report.errors import NotAllowed
from havenlight.team import queries as team
from havenlight.team.codes import Role
from havenlight.team.views import MemberRequest, member_required

P = ParamSpec("P")
Page = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def for_roles(roles: Collection[Role]) -> Callable[[Page[P]], Page[P]]:
    """Let only members of `roles` to a page; what is not there is a 404.

    Times on its page are those of the helpline.
    """

    def gate(page: Page[P]) -> Page[P]:
        @wraps(page)
        def checked(
            request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if request.user.role not in roles:
                raise PermissionDenied
            try:
                with timezone.override(team.organisation().time_zone):
                    return page(request, *args, **kwargs)
            except NotAllowed:
                raise Http404 from None

        made: Any = member_required(checked)
        return made  # type: ignore[no-any-return]

    return gate
