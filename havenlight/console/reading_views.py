"""Reading a conversation that is not one's own: what there is, one of them, and whispering."""

from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from havenlight.chat import queries as chat
from havenlight.chat import readable, reading
from havenlight.chat.codes import ReadReason
from havenlight.chat.errors import NotAllowed
from havenlight.chat.states import State
from havenlight.console import forms
from havenlight.console import reading as console
from havenlight.console.granting import Answer, at_desk, to_read
from havenlight.core.endpoints import Fields
from havenlight.core.refusals import Refused
from havenlight.core.seal import manifest
from havenlight.core.seal.encoding import b64
from havenlight.team import queries as team
from havenlight.team.gate import MemberRequest, page_for
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may

PAGE_ROWS = 50


@require_GET
@page_for(Right.VISITORS)
def overview(request: MemberRequest) -> HttpResponse:
    """What a coordinator may read, and what a member is to code a second time."""
    coordinates = may(request.user, Right.READING)
    before = parse_datetime(request.GET["before"]) if "before" in request.GET else None
    ended = readable.ended(before=before, most=PAGE_ROWS + 1) if coordinates else []
    context = {
        "member": request.user,
        "organisation": team.organisation(),
        "coordinates": coordinates,
        "going_on": readable.going_on() if coordinates else [],
        "ended": ended[:PAGE_ROWS],
        "older": ended[PAGE_ROWS - 1].ended_at if len(ended) > PAGE_ROWS else None,
        "again": console.second_codings(request.user),
    }
    return render(request, "console/reading.html", context)


@require_GET
@page_for(Right.VISITORS)
@ensure_csrf_cookie
def page(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """The page on which one conversation is opened, in her browser and with a reason."""
    try:
        console.check_may_read(request.user, conversation_id)
        reading.answered_conversation(conversation_id)
    except NotAllowed:
        raise Http404 from None
    row = readable.talk(conversation_id)
    if row.ended_at is None and not may(request.user, Right.READING):
        raise PermissionDenied
    organisation = team.organisation()
    context = {
        "member": request.user,
        "organisation": organisation,
        "organisation_key": b64(bytes(organisation.signing_key)),
        "fingerprint": manifest.fingerprint(bytes(organisation.signing_key)),
        "demo": settings.DEMO,
        "row": row,
        "registration": console.second_codings(request.user).get(conversation_id),
        "coordinates": may(request.user, Right.READING),
    }
    return render(request, "console/read.html", context)


@at_desk(Right.VISITORS)
def read(member: Member, fields: Fields, conversation_id: UUID) -> Answer:
    """Open a conversation with a reason: along with both while it goes on, or all of it after."""
    console.check_may_read(member, conversation_id)
    conversation = reading.answered_conversation(conversation_id)
    reason = ReadReason(forms.choice(fields, "reason", [*ReadReason]))
    if conversation.state != State.ACTIVE:
        messages = reading.open_closed(conversation, member, reason)
        return _opened(conversation_id) | {"messages": [row.as_json() for row in messages]}
    reading.begin(
        reading.conversation_for_reader(member, conversation_id), member, reason, timezone.now()
    )
    return _opened(conversation_id) | to_read(member, conversation_id)


def _opened(conversation_id: UUID) -> Answer:
    row, wrap = chat.conversation_with_wrap(conversation_id)
    return {"conversation": {**row.as_json(), "wrap": b64(wrap)}}


@at_desk(Right.VISITORS)
def go_on(member: Member, _fields: Fields, conversation_id: UUID) -> Answer:
    """Say that she still reads along, and get a token for the next minutes."""
    reading.go_on(conversation_id, member, timezone.now())
    return to_read(member, conversation_id)


@at_desk(Right.VISITORS)
def stop(member: Member, _fields: Fields, conversation_id: UUID) -> None:
    """Read along no more."""
    reading.stop(conversation_id, member)


@at_desk(Right.VISITORS)
def whispers(member: Member, _fields: Fields, conversation_id: UUID) -> Answer:
    """What was whispered about a conversation, to who answers it and who reads along."""
    return {"whispers": console.whispers(member, conversation_id)}


@at_desk(Right.VISITORS)
def whisper(member: Member, fields: Fields, conversation_id: UUID) -> None:
    """Whisper to the counsellor, or back, sealed to the team key."""
    sides, written = reading.sides_of(conversation_id, member), forms.aside(fields)
    if written.epoch > team.current_epoch().number:
        raise Refused("epoch")
    console.whisper(member, conversation_id, sides, written)
