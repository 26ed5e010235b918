"""Referring from a conversation: where chat and referral meet, since one member works on both."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from havenlight.chat import access as chat
from havenlight.chat.errors import NotAllowed as NotHers
from havenlight.core.endpoints import Fields
from havenlight.core.refusals import Refused
from havenlight.core.seal import manifest
from havenlight.core.seal.encoding import b64
from havenlight.referral import access, actions, queries
from havenlight.referral.codes import Form
from havenlight.referral.errors import IdReused, NoKey, NotAllowed, StepRefused
from havenlight.referral.forms import SearchForm, read_epoch, read_id, read_sealed
from havenlight.referral.links import Link
from havenlight.team import queries as team
from havenlight.team.gate import MemberRequest, endpoint_for, page_for
from havenlight.team.permissions import Right, may

_MOST_OFFERS = 8


@require_GET
@page_for(Right.REFERRALS)
@ensure_csrf_cookie
def referrals(request: MemberRequest) -> HttpResponse:
    """What came in from other organisations, and what of ours has no outcome yet."""
    organisation = team.organisation()
    context = {
        "member": request.user,
        "organisation": organisation,
        "organisation_key": b64(bytes(organisation.signing_key)),
        "fingerprint": manifest.fingerprint(bytes(organisation.signing_key)),
        "demo": settings.DEMO,
        "incoming": [(one, b64(bytes(one.sealed))) for one in queries.incoming()],
        "outgoing": [(one, b64(bytes(one.consent or b""))) for one in queries.open_referrals()],
    }
    if may(request.user, Right.REVIEW):
        # Seen by the coordinator alone: these counts are small and not controlled for disclosure.
        now = timezone.now()
        context["outcomes"] = queries.outcomes(now - timedelta(days=365), now)
    with timezone.override(organisation.time_zone):
        return render(request, "console/referrals.html", context)


@require_GET
@page_for(Right.REFERRALS)
def recipients(request: MemberRequest) -> JsonResponse:
    """The organisations that fit a search, for the panel beside a conversation."""
    found = queries.recipients(SearchForm(request.GET).search())
    rows = [
        {
            "id": one.pk.hex,
            "name": one.name,
            "about": " · ".join(filter(None, [str(one.get_kind_display()), one.themes, one.hours])),
            "usable": bool(one.public_key),
        }
        for one in found
    ]
    return JsonResponse({"recipients": rows, "regions": queries.regions(), "forms": Form.choices})


@require_GET
@page_for(Right.REFERRALS)
def of_conversation(request: MemberRequest, conversation_id: UUID) -> JsonResponse:
    """The referrals of a conversation, as far as the member offered them."""
    found = queries.referrals_of(conversation_id, request.user)
    return JsonResponse({"referrals": found})


@endpoint_for(Right.REFERRALS)
def offer(request: MemberRequest, fields: Fields, conversation_id: UUID) -> dict[str, object]:
    """Note which recipients the visitor of this member's conversation is asked about."""
    member = request.user
    offers = _read_offers(fields)
    try:
        conversation = chat.conversation_in_hand(member, conversation_id)
    except NotHers:
        raise Refused("unknown") from None
    with _refusing():
        actions.offer(conversation.pk, offers, member)
    return {"referrals": queries.referrals_of(conversation_id, member)}


@endpoint_for(Right.REFERRALS)
def send(request: MemberRequest, fields: Fields, referral_id: UUID) -> dict[str, object]:
    """Keep the sealed package and give the link for its recipient; `ended` without consent."""
    member = request.user
    package, consent = read_sealed(fields, "package"), read_sealed(fields, "consent")
    epoch = read_epoch(fields)

    with _refusing():
        referral = access.referral_for(member, referral_id)
        return _link(actions.send(referral, package, consent, epoch, member))


@endpoint_for(Right.REFERRALS)
def renew_link(request: MemberRequest, _fields: Fields, referral_id: UUID) -> dict[str, object]:
    """A fresh link for the recipient."""
    member = request.user
    with _refusing():
        return _link(actions.renew_link(access.referral_for(member, referral_id), member))


@endpoint_for(Right.REFERRALS)
def withdraw(request: MemberRequest, _fields: Fields, referral_id: UUID) -> None:
    """Withdraw a referral because the visitor told so in words."""
    member = request.user
    with _refusing():
        actions.withdraw(access.referral_for(member, referral_id), member)


@endpoint_for(Right.REFERRALS)
def take(request: MemberRequest, _fields: Fields, incoming_id: UUID) -> None:
    """Go on with an incoming referral."""
    member = request.user
    with _refusing():
        actions.take(access.incoming_for(member, incoming_id), member)


@contextmanager
def _refusing() -> Iterator[None]:
    """Refuse, in the protocol's codes, what referral refuses by name."""
    try:
        yield
    except (NotAllowed, NoKey):
        raise Refused("unknown") from None
    except StepRefused:
        raise Refused("ended") from None
    except IdReused:
        raise Refused("id_reused") from None


def _link(link: Link) -> dict[str, object]:
    address = settings.ORIGINS[0] + reverse("referral:outcome", args=[link.token])
    return {"link": address, "until": link.expires_at.date().isoformat()}


def _read_offers(fields: Fields) -> list[tuple[UUID, UUID]]:
    offers = fields.get("offers")
    if not isinstance(offers, list) or not 1 <= len(offers) <= _MOST_OFFERS:
        raise Refused("malformed")
    if not all(isinstance(one, dict) for one in offers):
        raise Refused("malformed")
    return [(read_id(one, "ref"), read_id(one, "recipient")) for one in offers]
