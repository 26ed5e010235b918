"""What every page without scripts has in common: whose it is, where it may stand, its words."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from csp.constants import SELF
from csp.decorators import csp_replace
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt

from havenlight.chat import look
from havenlight.chat.errors import NotAllowed
from havenlight.chat.plain.session import COOKIE, Session
from havenlight.team import helpline
from havenlight.team import queries as team

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
SessionView = Callable[Concatenate[HttpRequest, Session, P], HttpResponse]

_OURS = frozenset({None, "none", "same-origin"})


def from_our_page(view: View[P]) -> View[P]:
    """Refuse what a page of another site sends.

    Django's token would need a second cookie. This one is sent by our own pages alone
    (SameSite=Strict), and a browser that says where a form comes from is believed.
    """

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") not in _OURS:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return csrf_exempt(checked)


def with_session(view: SessionView[P]) -> View[P]:
    """Give `view` her session; without one, or when its conversation has closed, say so."""

    @from_our_page
    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        session = Session.of(request.COOKIES.get(COOKIE))
        if session is None:
            return closed(request)
        try:
            return view(request, session, *args, **kwargs)
        except NotAllowed:
            return closed(request)

    return opened


def in_frame(
    view: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Let a page of ours, and no other, show `view` in a frame."""
    return csp_replace({"frame-ancestors": [SELF]})(xframe_options_sameorigin(view))


def see_other(answer: HttpResponseRedirect) -> HttpResponseRedirect:
    """So that going back, or loading again, never sends a form a second time."""
    answer.status_code = 303
    return answer


def closed(request: HttpRequest) -> HttpResponse:
    """A page that tells nothing of what was here, to her or to whoever looks; drops the cookie."""
    response = show(request, "chat/plain_closed.html")
    response.delete_cookie(COOKIE, samesite="Strict")
    return response


def show(
    request: HttpRequest, template: str, *, language: str | None = None, **context: object
) -> HttpResponse:
    """A page in the language of a conversation, or else of her browser."""
    lang = language or look.language_of(request, None)
    with translation.override(lang):
        given = {
            "organisation": team.organisation(),
            "texts": helpline.texts(lang),
            "icon": helpline.icon(),
            "lang": lang,
            **context,
        }
        return render(request, template, given)
