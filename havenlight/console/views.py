"""The desk: the page, its tokens and keys, and accepting a conversation."""

import time
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from havenlight.chat import access, actions, queries
from havenlight.chat.errors import NotAllowed, StepRefused
from havenlight.chat.queries import ConversationRow
from havenlight.chat.states import State
from havenlight.core import hints, tokens
from havenlight.core.endpoints import Fields, json_endpoint
from havenlight.core.refusals import Refused
from havenlight.core.seal import manifest, phrase
from havenlight.core.seal.encoding import b64
from havenlight.core.seal.keys import sender_of
from havenlight.team import queries as team
from havenlight.team.codes import COUNSELS
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
    """A token for the conversations that the member is in, and those conversations."""
    member = _counselling(request)
    mine = queries.active_conversations(member)
    return {
        **_token(member, [row.conv for row, _ in mine]),
        "conversations": [_json(*one) for one in mine],
    }


@json_endpoint
def accept(request: MemberRequest, _fields: Fields, conversation_id: UUID) -> dict[str, object]:
    """Take a waiting conversation; who comes second is told that it is taken."""
    member = _counselling(request)
    try:
        conversation = access.conversation_for_accept(member, conversation_id)
        actions.accept(conversation, member)
    except NotAllowed:
        raise Refused("unknown") from None
    except StepRefused as refused:
        raise Refused("taken" if refused.current == State.ACTIVE else "ended") from None
    hints.publish(("g", member.pk.hex))
    mine = [row.conv for row, _ in queries.active_conversations(member)]
    accepted = queries.conversation_of(member, conversation_id)
    return {**_token(member, mine), "conversation": _json(*accepted)}


def _counselling(request: MemberRequest) -> Member:
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
    return tokens.grant(member.pk.hex, sender, conversations, settings.TOKEN_SECRET, time.time())
