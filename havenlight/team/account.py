"""A member's own page: with what she signs in, and where she is signed in."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm, SignupWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from havenlight.team import ways_in
from havenlight.team.errors import MemberRefused, NotAllowed
from havenlight.team.forms import PasswordForm
from havenlight.team.gate import MemberRequest, fresh_page_for, page_for
from havenlight.team.joining import came_by, show_codes
from havenlight.team.permissions import Right
from havenlight.team.qr import app_code
from havenlight.team.views import frame


@require_GET
@page_for(Right.ACCOUNT)
def account(request: MemberRequest) -> HttpResponse:
    """All ways in, and all sessions."""
    return _page(request)


def _page(request: MemberRequest, *, refused: bool = False) -> HttpResponse:
    member = request.user
    context = {
        "member": member,
        "ways": ways_in.of(member),
        "has_password": member.has_usable_password(),
        "sessions": ways_in.sessions(member, request.session.session_key),
        "refused": refused,
    }
    return render(request, "team/account.html", frame() | context, status=409 if refused else 200)


@require_http_methods(["GET", "POST"])
@fresh_page_for(Right.ACCOUNT)
def passkey(request: MemberRequest) -> HttpResponse:
    """Add a passkey."""
    form = SignupWebAuthnForm(request.POST or None, user=request.user)
    if form.is_valid():
        had_codes = ways_in.of(request.user).codes_left
        factor = ways_in.add_passkey(request.user, form.cleaned_data["credential"])
        came_by(request, request.user, factor)
        if had_codes:
            return redirect("team:account")
        return show_codes(request, request.user, ways_in.codes_of(request.user))
    options = webauthn.begin_registration(request.user, passwordless=True)
    context = {"options": options, "passkey_refused": form.is_bound}
    return render(request, "team/passkey.html", frame() | context)


@require_POST
@fresh_page_for(Right.ACCOUNT)
def remove_passkey(request: MemberRequest, passkey_id: int) -> HttpResponse:
    """Sign in with a passkey no more."""
    try:
        ways_in.remove_passkey(request.user, passkey_id)
    except (MemberRefused, NotAllowed):
        return _page(request, refused=True)
    return redirect("team:account")


@require_http_methods(["GET", "POST"])
@fresh_page_for(Right.ACCOUNT)
def password(request: MemberRequest) -> HttpResponse:
    """Choose a password, and let an app make its codes."""
    form = PasswordForm(request.user, request.POST or None)
    if form.is_valid():
        had_codes = ways_in.of(request.user).codes_left
        factor = ways_in.use_password(request.user, form.cleaned_data["password"], form.secret)
        # Her other sessions end with the password that they began with; this one goes on.
        update_session_auth_hash(request, request.user)
        came_by(request, request.user, factor)
        if had_codes:
            return redirect("team:account")
        return show_codes(request, request.user, ways_in.codes_of(request.user))
    context = {"form": form, "app": app_code(request.user, form.secret)}
    return render(request, "team/password.html", frame() | context)


@require_POST
@fresh_page_for(Right.ACCOUNT)
def codes(request: MemberRequest) -> HttpResponse:
    """Make recovery codes, and show them this once."""
    return show_codes(request, request.user, ways_in.new_codes(request.user))


@require_POST
@fresh_page_for(Right.ACCOUNT)
def end_session(request: MemberRequest, session_id: str) -> HttpResponse:
    """End a session, in this browser or in another one."""
    ways_in.end_session(request.user, session_id)
    return redirect("team:account")


@require_GET
@page_for(Right.ACCOUNT)
def onward(request: MemberRequest) -> HttpResponse:
    """To where her role works."""
    return redirect(get_adapter().get_login_redirect_url(request))


@require_http_methods(["GET", "POST"])
@page_for(Right.ACCOUNT)
def confirm(request: MemberRequest) -> HttpResponseBase:
    """Show once more who she is: by a passkey, a code, or a password where that is all."""
    member, sent = request.user, request.POST if request.method == "POST" else None
    refused = False
    if sent is not None:
        refused = not _confirmed(request, sent)
        if not refused:
            return redirect(_back(request))
    ways = ways_in.of(member)
    context = {
        "member": member,
        "ways": ways,
        "refused": refused,
        "next": request.GET.get("next", ""),
        "options": webauthn.begin_authentication(member) if ways.passkeys else None,
    }
    return render(request, "team/confirm.html", frame() | context)


def _confirmed(request: MemberRequest, sent: Any) -> bool:
    member = request.user
    if "password" in sent:
        return not ways_in.of(member).has_any and _password_holds(request, sent["password"])
    form_class = ReauthenticateWebAuthnForm if "credential" in sent else ReauthenticateForm
    form = form_class(sent, user=member)
    if not form.is_valid():
        return False
    form.save()
    return True


def _password_holds(request: MemberRequest, typed: str) -> bool:
    """As when signing in, and counted with those attempts."""
    try:
        found = get_adapter().authenticate(request, email=request.user.email, password=typed)
    except ValidationError:
        return False
    if found != request.user:
        return False
    record_authentication(request, request.user, "password", reauthenticated=True)
    return True


def _back(request: MemberRequest) -> str:
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}):
        return asked
    return resolve_url("team:account")
