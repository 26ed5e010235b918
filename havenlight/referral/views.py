"""The visitor's answer, the directory, and the pages by which other organisations meet us."""

import contextlib
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from havenlight.core.endpoints import Fields, conversation_of, json_endpoint
from havenlight.core.refusals import Refused
from havenlight.core.seal.encoding import b64
from havenlight.referral import access, actions, offline, queries
from havenlight.referral.errors import EpochPassed, IdReused, NotAllowed, StepRefused
from havenlight.referral.forms import (
    RecipientForm,
    SearchForm,
    read_epoch,
    read_id,
    read_sealed,
    read_yes,
)
from havenlight.referral.links import Link
from havenlight.referral.models import Recipient
from havenlight.referral.states import OUTCOMES, State
from havenlight.team import queries as team
from havenlight.team.gate import MemberRequest, page_for
from havenlight.team.permissions import Right, may


@csrf_exempt
@json_endpoint
def answer(request: HttpRequest, fields: Fields) -> None:
    """Keep what a visitor says to a question for consent, by the token of her conversation."""
    conversation_id = conversation_of(request)
    yes = read_yes(fields)
    try:
        referral = access.referral_of_visitor(conversation_id, read_id(fields, "referral"))
    except NotAllowed:
        raise Refused("unknown") from None
    actions.answer(referral, yes=yes)


@require_GET
@page_for(Right.REFERRALS)
def directory(request: MemberRequest) -> HttpResponse:
    """The organisations, searchable; who may change them sees those not in use too."""
    edits = may(request.user, Right.DIRECTORY)
    form = SearchForm(request.GET)
    found = queries.recipients(form.search(), also_unused=edits)
    context = {"form": form, "recipients": found, "regions": queries.regions(), "edits": edits}
    return render(request, "referral/directory.html", {**context, **_frame(request)})


@require_http_methods(["GET", "POST"])
@page_for(Right.DIRECTORY)
def new_recipient(request: MemberRequest) -> HttpResponse:
    """Put an organisation into the directory."""
    return _edit(request, Recipient())


@require_http_methods(["GET", "POST"])
@page_for(Right.DIRECTORY)
def recipient(request: MemberRequest, recipient_id: UUID) -> HttpResponse:
    """Change an organisation of the directory."""
    return _edit(request, _recipient(request, recipient_id))


@require_POST
@page_for(Right.DIRECTORY)
def invite(request: MemberRequest, recipient_id: UUID) -> HttpResponse:
    """Show, once, a fresh link by which the organisation refers someone to us."""
    found = _recipient(request, recipient_id)
    link = actions.invite(found, request.user)
    return _show_recipient(request, found, RecipientForm(instance=found), link)


@require_GET
def opener(request: HttpRequest) -> HttpResponse:
    """The recipient's offline page, as a file to keep."""
    response = HttpResponse(offline.page(get_language()), content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="havenlight-packages.html"'
    return response


# The link is the only right there is: no session that a foreign page could ride on.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def outcome(request: HttpRequest, token: str) -> HttpResponse:
    """The recipient's page: fetch the package, and tell in one press what became of her."""
    try:
        referral = access.referral_by_link(token)
    except NotAllowed:
        raise Http404 from None
    if request.method == "POST":
        told = request.POST.get("outcome", "")
        if told in OUTCOMES:
            # Withdrawn meanwhile: the page says so.
            with contextlib.suppress(StepRefused):
                actions.report_outcome(referral, State(told))
        return redirect("referral:outcome", token=token)
    context = {
        "referral": referral,
        "token": token,
        "organisation": team.organisation(),
        "demo": settings.DEMO,
    }
    return render(request, "referral/outcome.html", context)


@require_GET
def package(_request: HttpRequest, token: str) -> JsonResponse:
    """The sealed package as a file, while there is one."""
    try:
        referral = access.referral_by_link(token)
    except NotAllowed:
        raise Http404 from None
    if referral.package is None:
        raise Http404
    sealed = b64(bytes(referral.package))
    file = {"havenlight": "referral", "v": 1, "referral": referral.pk.hex, "sealed": sealed}
    name = f"referral-{referral.pk.hex[:8]}.json"
    return JsonResponse(file, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_GET
def incoming(request: HttpRequest, token: str) -> HttpResponse:
    """The page on which an organisation writes and seals a referral to us."""
    try:
        sender = access.sender_by_link(token)
    except NotAllowed:
        raise Http404 from None
    organisation = team.organisation()
    context = {
        "sender": sender,
        "token": token,
        "organisation": organisation,
        "organisation_key": b64(bytes(organisation.signing_key)),
        "manifest": team.published_manifest(),
        "demo": settings.DEMO,
    }
    return render(request, "referral/incoming.html", context)


@csrf_exempt
@json_endpoint
def receive(_request: HttpRequest, fields: Fields, token: str) -> None:
    """Keep what an organisation sealed for us."""
    incoming_id, epoch = read_id(fields, "id"), read_epoch(fields)
    sealed = read_sealed(fields, "sealed")
    try:
        actions.receive(access.sender_by_link(token), incoming_id, epoch, sealed)
    except NotAllowed:
        raise Refused("unknown") from None
    except EpochPassed:
        raise Refused("epoch") from None
    except IdReused:
        raise Refused("id_reused") from None


def _recipient(request: MemberRequest, recipient_id: UUID) -> Recipient:
    try:
        return access.recipient_for(request.user, recipient_id)
    except NotAllowed:
        raise Http404 from None


def _edit(request: MemberRequest, found: Recipient) -> HttpResponse:
    form = RecipientForm(request.POST or None, instance=found)
    if form.is_valid():
        actions.save_recipient(form.filled(), request.user)
        return redirect("referral:directory")
    return _show_recipient(request, found, form, None)


def _show_recipient(
    request: MemberRequest, found: Recipient, form: RecipientForm, link: Link | None
) -> HttpResponse:
    context = {"form": form, "recipient": found, "exists": not found._state.adding, "link": link}
    if link is not None:
        context["address"] = settings.ORIGINS[0] + reverse("referral:incoming", args=[link.token])
    return render(request, "referral/recipient.html", {**context, **_frame(request)})


def _frame(request: MemberRequest) -> dict[str, object]:
    """What is around every page of a member."""
    return {"organisation": team.organisation(), "demo": settings.DEMO, "member": request.user}
