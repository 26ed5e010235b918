"""The desk: the page, its tokens and keys, and accepting a conversation."""

import time
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from havenlight.chat import access, actions, answering, queries
from havenlight.chat.capacity import WEIGHTS
from havenlight.chat.errors import AtCapacity, NotAllowed, StepRefused
from havenlight.chat.queries import ConversationRow
from havenlight.chat.states import State
from havenlight.console import forms
from havenlight.core import hints, tokens
from havenlight.core.endpoints import Fields, json_endpoint
from havenlight.core.refusals import Refused
from havenlight.core.seal import manifest, phrase
from havenlight.core.seal.encoding import b64
from havenlight.core.seal.keys import sender_of
from havenlight.team import duty
from havenlight.team import queries as team
from havenlight.team.codes import COUNSELS, Standing
from havenlight.team.models import Member
from havenlight.team.views import MemberRequest, member_required


@require_GET
@member_required
@ensure_csrf_cookie
def desk(request: MemberRequest) -> HttpResponse:
    """The page at which a member who counsels works."""
    if request.user.role not in COUNSELS:
        raise PermissionDenied
    organisation = team.organisation()
    context = {
        "member": request.user,
        "organisation": organisation,
        "organisation_key": b64(bytes(organisation.signing_key)),
        "fingerprint": manifest.fingerprint(bytes(organisation.signing_key)),
        "demo": settings.DEMO,
    }
    return render(request, "console/desk.html", context)


@require_GET
@member_required
def keys(request: MemberRequest) -> JsonResponse:
    """What the member's browser opens with her phrase; all of it sealed."""
    found = team.keys_of(request.user)
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
            "manifest": team.current_epoch().manifest,
        }
    )


@json_endpoint
def token(request: MemberRequest, _fields: Fields) -> dict[str, object]:
    """A token for what the member has in hand, those conversations, and how she stands."""
    member = counselling(request)
    duty.seen(member)
    mine = queries.conversations_in_hand(member)
    return {
        **_token(member, [row.conv for row, _ in mine]),
        "conversations": [_json(*one) for one in mine],
        "me": _me(member),
    }


@json_endpoint
def accept(request: MemberRequest, _fields: Fields, conversation_id: UUID) -> dict[str, object]:
    """Take a waiting conversation; who comes second is told that it is taken."""
    member = counselling(request)
    try:
        conversation = access.conversation_for_accept(member, conversation_id)
        actions.accept(conversation, member)
    except NotAllowed:
        raise Refused("unknown") from None
    except StepRefused as refused:
        raise Refused("taken" if refused.current == State.ACTIVE else "ended") from None
    except AtCapacity:
        raise Refused("capacity") from None
    hints.publish(("g", member.pk.hex))
    mine = [row.conv for row, _ in queries.conversations_in_hand(member)]
    accepted = queries.conversation_of(member, conversation_id)
    return {**_token(member, mine), "conversation": _json(*accepted), "me": _me(member)}


@json_endpoint
def finish(request: MemberRequest, _fields: Fields, conversation_id: UUID) -> None:
    """Be done with a conversation that has ended."""
    member = counselling(request)
    try:
        answering.finish(access.conversation_in_hand(member, conversation_id), member)
    except NotAllowed:
        raise Refused("unknown") from None
    except StepRefused:
        raise Refused("malformed") from None


@json_endpoint
def weigh(request: MemberRequest, fields: Fields, conversation_id: UUID) -> None:
    """Say how much of her a conversation asks."""
    member = counselling(request)
    try:
        conversation = access.conversation_in_hand(member, conversation_id)
    except NotAllowed:
        raise Refused("unknown") from None
    answering.weigh(conversation, member, forms.choice(fields, "weight", WEIGHTS))


@json_endpoint
def standing(request: MemberRequest, fields: Fields) -> dict[str, object]:
    """Go on duty, have a break, or go off duty."""
    member = counselling(request)
    duty.go(member, Standing(forms.choice(fields, "standing", tuple(Standing.values))))
    return {"me": _me(member)}


def _me(member: Member) -> dict[str, object]:
    return {
        "standing": duty.standing_of(member),
        "load": queries.load_of(member),
        "capacity": queries.capacity_of(member),
        "wrap_up": settings.WRAP_UP_SECONDS // 60,
    }


def counselling(request: MemberRequest) -> Member:
    """The member who asks, refused like anyone unknown unless she counsels."""
    if not request.user.is_authenticated:
        raise Refused("token")
    if request.user.role not in COUNSELS:
        raise Refused("unknown")
    return request.user


def _json(row: ConversationRow, wrap: bytes) -> dict[str, object]:
    return {**row.as_json(), "wrap": b64(wrap)}


def _token(member: Member, conversations: list[str]) -> dict[str, object]:
    sender = sender_of(team.keys_of(member).public)
    now = time.time()
    granted = tokens.grant(member.pk.hex, sender, conversations, settings.TOKEN_SECRET, now)
    # A desk whose clock is wrong would show wrong waits: it goes by ours.
    return {**granted, "now": int(now)}
