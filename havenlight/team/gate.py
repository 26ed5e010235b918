"""The gates of every page and endpoint of a member: signed in, second factor, right, in that order.

Each leaves its right on the view, where the matrix of tests and the page of permissions find it.
"""

from collections.abc import Callable
from functools import update_wrapper, wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse

from havenlight.core.endpoints import Fields, json_endpoint
from havenlight.core.refusals import Refused
from havenlight.team import second_factor
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may

RIGHT = "havenlight_right"
"""The attribute of a view that says which right opens it."""

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """A request of a signed-in member."""

    user: Member


Page = Callable[Concatenate[MemberRequest, P], HttpResponseBase]
Endpoint = Callable[Concatenate[MemberRequest, Fields, P], dict[str, object] | None]


def page_for(right: Right) -> Callable[[Page[P]], Page[P]]:
    """Let only members who hold `right` to a page; others sign in first, or are refused."""

    def gate(page: Page[P]) -> Page[P]:
        @wraps(page)
        def checked(
            request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            turned_away = way_in(request)
            if turned_away is not None:
                return turned_away
            if not may(request.user, right):
                raise PermissionDenied
            return page(request, *args, **kwargs)

        setattr(checked, RIGHT, right)
        return checked

    return gate


def fresh_page_for(right: Right, back: str = "team:account") -> Callable[[Page[P]], Page[P]]:
    """As `page_for`, but she must have shown lately who she is: for changing who may come in.

    `back` is the page to begin anew at when a form was sent too late.
    """

    def gate(page: Page[P]) -> Page[P]:
        @wraps(page)
        def checked(
            request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not second_factor.is_fresh(request):
                # What a form asked for is asked again: it may not have been she who asked.
                onward = reverse(back) if request.method == "POST" else request.path
                asked = urlencode({"next": onward})
                return HttpResponseRedirect(f"{reverse('team:confirm')}?{asked}")
            return page(request, *args, **kwargs)

        return page_for(right)(checked)

    return gate


def way_in(request: HttpRequest) -> HttpResponse | None:
    """Where who may not see anything yet is sent; None for who may."""
    if not request.user.is_authenticated:
        if request.path == resolve_url(settings.LOGIN_REDIRECT_URL):
            # Where everyone begins: who does not work at the desk comes to where she does.
            return redirect(settings.LOGIN_URL)
        return redirect_to_login(request.get_full_path())
    if not second_factor.is_given(request):
        return HttpResponseRedirect(reverse("team:no-second-factor"))
    return None


def check_asks(request: MemberRequest, right: Right) -> None:
    """Refuse who may not see anything as `token`, and who lacks `right` like anyone unknown."""
    if not request.user.is_authenticated or not second_factor.is_given(request):
        raise Refused("token")
    if not may(request.user, right):
        raise Refused("unknown")


def endpoint_for(
    right: Right,
) -> Callable[[Endpoint[P]], Callable[Concatenate[MemberRequest, P], HttpResponse]]:
    """Turn what takes the fields of a body into a view for members who hold `right`."""

    def gate(
        endpoint: Endpoint[P],
    ) -> Callable[Concatenate[MemberRequest, P], HttpResponse]:
        def asked(
            request: MemberRequest, fields: Fields, /, *args: P.args, **kwargs: P.kwargs
        ) -> dict[str, object] | None:
            check_asks(request, right)
            return endpoint(request, fields, *args, **kwargs)

        setattr(asked, RIGHT, right)
        return json_endpoint(update_wrapper(asked, endpoint))

    return gate
