"""Joining by a link: its token stays in the address's fragment, which no server and no log sees."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.webauthn.forms import SignupWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from havenlight.team import invitations, members, ways_in
from havenlight.team.errors import NotAllowed
from havenlight.team.forms import PasswordForm
from havenlight.team.models import Member
from havenlight.team.qr import app_code
from havenlight.team.views import frame
from havenlight.team.ways_in import Second

_SESSION_KEY = "joining"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Take the token of a link, which a script moves from the fragment into a form."""
    if request.method == "POST":
        check = invitations.check_of(request.POST.get("token", ""))
        try:
            invitations.invited_by(check)
        except NotAllowed:
            return _refused(request)
        request.session[_SESSION_KEY] = check.hex()
        return redirect("team:joining")
    return render(request, "team/join.html", frame())


@require_http_methods(["GET", "POST"])
def joining(request: HttpRequest) -> HttpResponse:
    """Choose with what to sign in from now on: a passkey, or a password and an app."""
    check = bytes.fromhex(request.session.get(_SESSION_KEY, ""))
    try:
        member = invitations.invited_by(check)
        passkey, password = _forms(request, member)
        if passkey.is_valid():
            second = Second(passkey=passkey.cleaned_data["credential"])
            factor = members.join(member, check, password=None, second=second)
            return _come_in(request, member, factor)
        if password.is_valid():
            second, chosen = Second(totp=password.secret), password.cleaned_data["password"]
            factor = members.join(member, check, password=chosen, second=second)
            return _come_in(request, member, factor)
    except NotAllowed:
        return _refused(request)
    context = {
        "member": member,
        "form": password,
        "passkey_refused": passkey.is_bound,
        "options": webauthn.begin_registration(member, passwordless=True),
        "app": app_code(member, password.secret),
    }
    return render(request, "team/joining.html", frame() | context)


def _forms(request: HttpRequest, member: Member) -> tuple[SignupWebAuthnForm, PasswordForm]:
    """The two ways; only the one that was sent is bound."""
    sent: Any = request.POST if request.method == "POST" else None
    passkey = sent if sent and "credential" in sent else None
    return (
        SignupWebAuthnForm(passkey, user=member),
        PasswordForm(member, sent if passkey is None else None),
    )


def _come_in(request: HttpRequest, member: Member, factor: Authenticator) -> HttpResponse:
    login(request, member, backend=_BACKEND)
    came_by(request, member, factor)
    return show_codes(request, member, ways_in.codes_of(member))


def came_by(request: HttpRequest, member: Member, factor: Authenticator) -> None:
    """Note in the session that she showed this second factor just now."""
    clear_totp_secret(request)
    record_authentication(request, member, "mfa", id=factor.pk, type=factor.type)


def show_codes(request: HttpRequest, member: Member, codes: list[str]) -> HttpResponse:
    """Show recovery codes; they are not shown again."""
    context = {"member": member, "codes": codes, "on": reverse("team:onward")}
    return render(request, "team/codes.html", frame() | context)


def _refused(request: HttpRequest) -> HttpResponse:
    request.session.pop(_SESSION_KEY, None)
    return render(request, "team/join.html", frame() | {"refused": True}, status=404)
