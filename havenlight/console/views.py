"""The desk: the page, its tokens and keys, and accepting a conversation."""

from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from havenlight.chat.errors import AtCapacity, NotAllowed, StepRefused
from havenlight.chat.states import State
from havenlight.console import forms, taking
from havenlight.console.granting import Answer, all_in_hand, me, one_more
from havenlight.core import hints
from havenlight.core.endpoints import Fields
from havenlight.core.refusals import Refused
from havenlight.core.seal import manifest, phrase
from havenlight.core.seal.encoding import b64
from havenlight.team import duty, keyring
from havenlight.team import queries as team
from havenlight.team.codes import Standing, Topic
from havenlight.team.gate import MemberRequest, endpoint_for, page_for
from havenlight.team.languages import ALL
from havenlight.team.models import MemberKey
from havenlight.team.permissions import Right, may


@require_GET
@page_for(Right.VISITORS)
@ensure_csrf_cookie
def desk(request: MemberRequest) -> HttpResponse:
    """The page at which a member who counsels works."""
    if keyring.standing_of(request.user) is not keyring.Standing.READY:
        return redirect("keys:mine")
    organisation = team.organisation()
    context = {
        "member": request.user,
        "keys_wait": may(request.user, Right.KEYS) and keyring.asks_for_work(),
        "organisation": organisation,
        "organisation_key": b64(bytes(organisation.signing_key)),
        "fingerprint": manifest.fingerprint(bytes(organisation.signing_key)),
        "demo": settings.DEMO,
        "topics": Topic.choices,
        "languages": ALL.items(),
    }
    return render(request, "console/desk.html", context)


@require_GET
@page_for(Right.VISITORS)
def keys(request: MemberRequest) -> JsonResponse:
    """What the member's browser opens with her phrase; all of it sealed."""
    try:
        found = team.keys_of(request.user)
    except MemberKey.DoesNotExist:
        raise PermissionDenied from None
    seen = forms.raw_or_none(request.GET.get("seen"))
    return JsonResponse(
        {
            "member": request.user.pk.hex,
            "key": b64(found.public),
            "wrap": b64(found.wrap),
            "kdf": {
                "name": phrase.KDF_NAME,
                "salt": b64(found.salt),
                "iterations": found.iterations,
            },
            "teams": [
                {"epoch": epoch, "key": b64(public), "wrap": b64(wrap)}
                for epoch, public, wrap in found.teams
            ],
            "passkeys": [
                {"credential": b64(one.credential), "salt": b64(one.salt), "wrap": b64(one.wrap)}
                for one in keyring.passkeys_of(request.user)
            ],
            "manifest": team.current_epoch().manifest,
            "chain": keyring.chain(seen),
        }
    )


@endpoint_for(Right.VISITORS)
def token(request: MemberRequest, _fields: Fields) -> Answer:
    """A token for what the member has in hand, those conversations, and how she stands."""
    member = request.user
    duty.seen(member)
    return all_in_hand(member)


@endpoint_for(Right.VISITORS)
def accept(request: MemberRequest, _fields: Fields, conversation_id: UUID) -> Answer:
    """Take a waiting conversation; who comes second is told that it is taken."""
    member = request.user
    try:
        taking.accept(member, conversation_id)
    except NotAllowed:
        raise Refused("unknown") from None
    except StepRefused as refused:
        raise Refused("taken" if refused.current == State.ACTIVE else "ended") from None
    except AtCapacity:
        raise Refused("capacity") from None
    hints.publish(("g", member.pk.hex))
    return one_more(member, conversation_id)


@endpoint_for(Right.VISITORS)
def standing(request: MemberRequest, fields: Fields) -> Answer:
    """Go on duty, have a break, or go off duty."""
    member = request.user
    duty.go(member, Standing(forms.choice(fields, "standing", Standing.values)))
    return {"me": me(member)}
