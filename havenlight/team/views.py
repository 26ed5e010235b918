"""Sign-in and sign-out of members."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from havenlight.core import hints
from havenlight.team import duty, queries
from havenlight.team.codes import Standing
from havenlight.team.models import Member


class MemberRequest(HttpRequest):
    """A request of a signed-in member."""

    user: Member


member_required = login_required
"""Gate of every page of the team: who is not signed in is sent to the sign-in page."""


class SignInView(LoginView):
    """Signs a member in, and sends her to where her role works."""

    template_name = "team/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the helpline's name, and whether it is a demo."""
        whose = {"organisation": queries.organisation(), "demo": settings.DEMO}
        return super().get_context_data(**whose, **kwargs)

    def get_default_redirect_url(self) -> str:
        """Where she goes when she came for no page in particular."""
        member = self.request.user
        role = member.role if isinstance(member, Member) else ""
        return resolve_url(settings.WORKPLACES.get(role, settings.LOGIN_REDIRECT_URL))


class SignOutView(LogoutView):
    """Ends the session, and with it the member's streams and tokens in every tab."""

    template_name = "team/signed_out.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out whoever is signed in."""
        member = request.user
        response = super().post(request, *args, **kwargs)
        # After the session has ended, so that no token is minted in between.
        if isinstance(member, Member):
            duty.go(member, Standing.OFF)
            hints.publish(("b", member.pk.hex))
        return response
