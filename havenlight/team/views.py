"""Sign-in and sign-out of members."""

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from havenlight.core import hints
from havenlight.team import duty, gate, queries
from havenlight.team.codes import Standing
from havenlight.team.models import Member


def frame() -> dict[str, Any]:
    """What is around every page on the way in: the helpline's name, and whether it is a demo."""
    return {"organisation": queries.organisation(), "demo": settings.DEMO}


class SignInView(LoginView):
    """Takes a password; a second step follows, unless it was a passkey."""

    template_name = "team/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what is around it, and whether a passkey was refused just now."""
        refused = {"passkey_refused": "passkey" in self.request.GET}
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | frame() | refused


class PasskeyView(LoginWebAuthnView):
    """Signs a member in by a passkey alone."""

    def form_invalid(self, form: LoginWebAuthnForm) -> HttpResponse:
        """Say so on the page of signing in."""
        return HttpResponseRedirect(f"{reverse('account_login')}?passkey=refused")


class SecondStepView(AuthenticateView):
    """Asks for a code, a recovery code or a passkey after the password."""

    template_name = "team/second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what is around it."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | frame() | {"options": context.get("js_data", {}).get("request_options")}


@require_GET
def no_second_factor(request: HttpRequest) -> HttpResponse:
    """Tells a member who signed in without a second factor how she gets one."""
    if gate.way_in(request) is None or not request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "team/no_second_factor.html", frame())


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
