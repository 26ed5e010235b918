"""Beginning, the page of the chat, the three taps, and going, all as plain forms."""

from contextlib import suppress

from csp.constants import SELF
from csp.decorators import csp_replace
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from havenlight.chat import actions
from havenlight.chat.codes import TAPS
from havenlight.chat.errors import EpochPassed, NotAllowed, NotOpen, TooManyGuesses
from havenlight.chat.forms import read_taps
from havenlight.chat.plain import coding
from havenlight.chat.plain import session as plain
from havenlight.chat.plain.pages import from_our_page, see_other, show, with_session
from havenlight.chat.plain.session import COOKIE, Session
from havenlight.chat.states import By
from havenlight.core.refusals import Refused
from havenlight.team import queries as team
from havenlight.team.languages import ALL

_TAPPED = {"yes": True, "no": False, "skip": None}


@from_our_page
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin a conversation, or go on with the one she has."""
    language = request.POST.get("lang", "")
    if language not in ALL:
        raise BadRequest
    answer = redirect("chat:plain")
    if not _goes_on(request):
        try:
            plain.begin(language, is_letter="letter" in request.POST).put(answer)
        except EpochPassed:
            # The new one is there by now.
            return redirect("chat:visit-in", lang=language)
        except NotOpen:
            # The start page says so, and what she can do.
            return see_other(HttpResponseRedirect(reverse("chat:visit-in", args=[language])))
    return see_other(answer)


@csp_replace({"frame-src": [SELF]})
@require_http_methods(["GET", "HEAD", "POST"])
@with_session
def page(request: HttpRequest, session: Session) -> HttpResponse:
    """The chat: a frame that messages come in, and one she writes in.

    What she does with a return code has the same address, so that it adds no other to the history.
    """
    conversation = session.conversation()
    if request.method == "POST":
        return _code(request, session, conversation.language)
    still = "still" in request.GET
    return show(request, "chat/plain.html", language=conversation.language, still=still)


def _code(request: HttpRequest, session: Session, language: str) -> HttpResponse:
    step, words, asked = "have" if session.code else "offer", list[str](), request.POST.get("do")
    try:
        if asked == "draw":
            session, words = coding.draw(session)
            step = "words"
        elif asked == "give-up":
            session, step = coding.give_up(session), "gone"
    except TooManyGuesses:
        step = "busy"
    answer = show(request, "chat/plain_code.html", language=language, step=step, words=words)
    session.put(answer)
    return answer


@require_POST
@with_session
def taps(request: HttpRequest, session: Session) -> HttpResponse:
    """Keep what she tapped."""
    conversation = session.conversation()
    fields = {name: request.POST[name] for name in TAPS if name in request.POST}
    try:
        read = read_taps({name: _TAPPED.get(value, value) for name, value in fields.items()})
    except Refused:
        raise BadRequest from None
    actions.tap(conversation.pk, *read)
    # Back to the frame that the questions stand in.
    return see_other(HttpResponseRedirect("/live/plain"))


@require_POST
@with_session
def leave(request: HttpRequest, session: Session) -> HttpResponse:
    """End it from her side."""
    actions.leave(session.conversation().pk, By.VISITOR)
    answer = see_other(redirect("chat:plain"))
    answer.delete_cookie(COOKIE, samesite="Strict")
    return answer


@require_safe
@from_our_page
def leave_quickly(request: HttpRequest) -> HttpResponse:
    """End it, forget her, and send her browser elsewhere, whatever else is the matter.

    A link and no form: it works while the page still loads, and leads out of our own site.
    """
    session = Session.of(request.COOKIES.get(COOKIE))
    answer = see_other(HttpResponseRedirect(team.organisation().exit_url))
    answer.delete_cookie(COOKIE, samesite="Strict")
    if session is not None:
        with suppress(NotAllowed):  # it may have ended already
            actions.leave(session.conversation().pk, By.EXIT)
    return answer


def _goes_on(request: HttpRequest) -> bool:
    session = Session.of(request.COOKIES.get(COOKIE))
    try:
        return session is not None and bool(session.conversation())
    except NotAllowed:
        return False
