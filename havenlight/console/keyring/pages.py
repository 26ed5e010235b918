"""The pages of keys. What they say of keys a browser checks; what is secret it makes."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from havenlight.core.seal import manifest, phrase
from havenlight.core.seal.encoding import b64
from havenlight.team import keyring, ways_in
from havenlight.team import queries as team
from havenlight.team.gate import MemberRequest, page_for
from havenlight.team.keyring import Standing
from havenlight.team.permissions import Right, may


@require_GET
@page_for(Right.VISITORS)
@ensure_csrf_cookie
def mine(request: MemberRequest) -> HttpResponse:
    """A member's own key: made here at first, then how far it is, and the ways to open it."""
    if may(request.user, Right.KEYS) and not team.is_set_up():
        return redirect("keys:set-up")
    opening = {one.credential: one.made_at for one in keyring.passkeys_of(request.user)}
    others = [one for one in ways_in.passkey_ids(request.user) if one not in opening]
    context = {
        "standing": keyring.standing_of(request.user),
        "passkeys": [(b64(credential), made_at) for credential, made_at in opening.items()],
        "sign_in_passkeys": " ".join(map(b64, others)),
    }
    return _page(request, "keys/mine.html", context)


@require_GET
@page_for(Right.KEYS)
@ensure_csrf_cookie
def set_up(request: MemberRequest) -> HttpResponse:
    """Where the first coordinator's browser makes the organisation's keys."""
    if team.is_set_up():
        return redirect("keys:team")
    return _page(request, "keys/set_up.html", {"days": keyring.EPOCH_DAYS})


@require_GET
@page_for(Right.KEYS)
@ensure_csrf_cookie
def of_team(request: MemberRequest) -> HttpResponse:
    """Who waits for the team key, and whether there must be a new one."""
    if not team.is_set_up():
        return redirect("keys:set-up")
    if keyring.standing_of(request.user) is not Standing.READY:
        return redirect("keys:mine")
    waiting = [(one, b64(one.public)) for one in keyring.waiting()]
    context = {"waiting": waiting, "due": keyring.due(), "signed": keyring.today()}
    return _page(request, "keys/team.html", context)


@require_GET
@page_for(Right.KEYS)
@ensure_csrf_cookie
def recovery(request: MemberRequest) -> HttpResponse:
    """Where the recovery key opens the team key for a coordinator who has a new key."""
    if not team.is_set_up():
        return redirect("keys:set-up")
    if keyring.standing_of(request.user) is Standing.NONE:
        return redirect("keys:mine")
    return _page(request, "keys/recovery.html", {})


@require_GET
@page_for(Right.KEYS)
def state(request: MemberRequest) -> JsonResponse:
    """All that a coordinator's browser needs to sign the next manifest and to seal team keys."""
    return JsonResponse(
        {
            "manifest": team.current_epoch().manifest,
            "holders": [
                {"member": one.member, "alias": one.alias, "key": b64(one.public)}
                for one in keyring.holders()
            ],
            "missing": [{"member": member, "epoch": n} for member, n in keyring.missing_wraps()],
            "epochs": [
                {
                    "epoch": one.number,
                    "key": b64(bytes(one.public)),
                    "recovery": b64(bytes(one.recovery_wrap)) if one.recovery_wrap else None,
                }
                for one in keyring.epochs()
            ],
            "days": keyring.EPOCH_DAYS,
        }
    )


def _page(request: MemberRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    organisation = team.organisation()
    key, language = bytes(organisation.signing_key), get_language() or "en"
    given = {
        "member": request.user,
        "organisation": organisation,
        "organisation_key": b64(key),
        "fingerprint": manifest.fingerprint(key) if key else "",
        "demo": settings.DEMO,
        "word_list": f"words/{language if language in phrase.LANGUAGES else 'en'}.txt",
    }
    return render(request, template, given | context)
