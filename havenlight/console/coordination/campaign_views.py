"""The page of links to the chat: campaigns and invitations; cards to print; totals by month."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from havenlight.chat import campaigning, look
from havenlight.chat.campaigning import CampaignRow
from havenlight.chat.codes import CampaignKind
from havenlight.chat.errors import NameTaken, NotAllowed
from havenlight.console.coordination.forms import CampaignForm
from havenlight.core.qr import picture_of
from havenlight.team import helpline, languages
from havenlight.team import queries as team
from havenlight.team.gate import MemberRequest, page_for
from havenlight.team.permissions import Right

_CARDS = range(10)
"""On a sheet of A4."""


@require_http_methods(["GET", "POST"])
@page_for(Right.SETTINGS)
def links(request: MemberRequest) -> HttpResponse:
    """All links; posting makes one more."""
    if request.method == "GET":
        return _page(request, CampaignForm(initial={"name": campaigning.new_name()}))
    form = CampaignForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    given = form.cleaned_data
    try:
        kind = CampaignKind(given["kind"])
        campaigning.make(request.user, given["name"], given["told"], kind, given["language"])
    except NameTaken:
        form.add_error("name", _("There is a link of this name, or was one. Choose another."))
        return _page(request, form)
    return redirect(f"{reverse('console:links')}#{given['name']}")


@require_POST
@page_for(Right.SETTINGS)
def close(request: MemberRequest, name: str) -> HttpResponse:
    """Count a link no more."""
    try:
        campaigning.close(request.user, name)
    except NotAllowed:
        raise Http404 from None
    return redirect("console:links")


@require_GET
@page_for(Right.SETTINGS)
def card(request: MemberRequest, name: str) -> HttpResponse:
    """A sheet of cards to print: with nothing but the address, or with words in her language."""
    try:
        row = campaigning.campaign(name)
    except NotAllowed:
        raise Http404 from None
    address = _address(name)
    language = row.language or team.organisation().default_language
    context: dict[str, Any] = {
        "row": row,
        "address": address.partition("://")[2],
        "picture": picture_of(address),
        "cards": _CARDS,
        "organisation": team.organisation(),
    }
    if "words" in request.GET:
        context |= {
            "said": look.heading(language),
            "name": helpline.texts(language).name,
            "lang": language,
        }
    return render(request, "coordination/card.html", context)


def _page(request: MemberRequest, form: CampaignForm) -> HttpResponse:
    context = {
        "member": request.user,
        "organisation": team.organisation(),
        "form": form,
        "rows": [_shown(row) for row in campaigning.campaigns()],
        "least": helpline.figures_threshold(),
        "home": f"{settings.ORIGINS[0]}/",
    }
    return render(request, "coordination/links.html", context, status=409 if form.errors else 200)


def _shown(row: CampaignRow) -> tuple[CampaignRow, str, str]:
    return row, _address(row.name), languages.ALL.get(row.language, "")


def _address(name: str) -> str:
    return f"{settings.ORIGINS[0]}{reverse('chat:campaign', args=[name])}"
