"""Who may come to a page of the report."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone

from havenlight.report.errors import NotAllowed
from havenlight.team import queries as team
from havenlight.team.gate import MemberRequest, Page, page_for
from havenlight.team.permissions import Right

P = ParamSpec("P")


def for_right(right: Right) -> Callable[[Page[P]], Page[P]]:
    """Let only who holds `right` to a page; what is not there is a 404.

    Times on its page are those of the helpline.
    """

    def gate(page: Page[P]) -> Page[P]:
        @wraps(page)
        def checked(
            request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            try:
                with timezone.override(team.organisation().time_zone):
                    return page(request, *args, **kwargs)
            except NotAllowed:
                raise Http404 from None

        return page_for(right)(checked)

    return gate
