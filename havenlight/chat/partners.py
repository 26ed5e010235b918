"""What leads here from elsewhere: a frame that says whether we are open, and links of our own."""

from functools import partial

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from havenlight.chat import availability, campaigning, look
from havenlight.chat.plain.pages import show

# Any site may show it: it has one link and nothing that a click could be stolen for.
_ANY_SITE = ["*"]


@require_safe
def status(request: HttpRequest, lang: str) -> HttpResponseBase:
    """A line and a link for another site's frame; sets no cookie and asks for nothing."""
    page = xframe_options_exempt(partial(_status, lang=lang))
    return csp_replace({"frame-ancestors": _ANY_SITE})(page)(request)


def _status(request: HttpRequest, lang: str) -> HttpResponse:
    language = look.language_of(request, lang)
    takes_new = availability.now().takes_new
    return show(request, "chat/status.html", language=language, takes_new=takes_new)


@require_safe
def campaign(request: HttpRequest, name: str) -> HttpResponseRedirect:
    """Lead to the chat, whatever the name is: who mistypes what is on a card needs it as much.

    The address she comes to says nothing of the link, so that going on, sharing and going back
    keep nothing of it either.
    """
    name = name.lower()
    language = campaigning.language_of(name)
    if _is_opened_by_a_person(request):
        campaigning.count_opened(name)
    return redirect("chat:visit-in", lang=language) if language else redirect("chat:visit")


def _is_opened_by_a_person(request: HttpRequest) -> bool:
    """Not a robot that previews the link, a page that loads it as a picture, or a prefetch."""
    is_page = request.headers.get("Sec-Fetch-Dest") == "document"
    return is_page and request.method == "GET" and "Sec-Purpose" not in request.headers
