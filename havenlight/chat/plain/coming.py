"""Coming back by six words, and what else they decide, as a plain form."""

from collections.abc import Callable
from enum import StrEnum

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from havenlight.chat import availability
from havenlight.chat.errors import NotAllowed, NotOpen, TooManyGuesses
from havenlight.chat.plain import coding
from havenlight.chat.plain import session as plain
from havenlight.chat.plain.pages import from_our_page, see_other, show
from havenlight.team.languages import ALL


class Done(StrEnum):
    """What her words decided, as it follows the question mark: a number, for the history."""

    ERASED = "1"
    CODES = "2"
    CONSENT = "3"


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_page
def come(request: HttpRequest) -> HttpResponse:
    """Ask for the words, or begin a chat in the thread that they open."""
    if request.method != "POST":
        asked = request.META["QUERY_STRING"]
        language = asked if asked in ALL else None
        return show(request, "chat/plain_in.html", language=language, done=asked)
    language = language_of(request)
    words = words_of(request)
    if words is None:
        return refuse(request, "count")
    try:
        code = coding.stretch(words)
        wish = "wish" in request.POST
        is_letter = not availability.now().takes_new
        session = plain.begin(language, is_letter=is_letter, code=code, wish=wish)
    except NotAllowed:
        return refuse(request, "unknown")
    except NotOpen as refused:
        return refuse(request, refused.door)
    except TooManyGuesses:
        return refuse(request, "busy")
    answer = redirect("chat:plain")
    session.put(answer)
    return see_other(answer)


def decide(request: HttpRequest, done: Done, act: Callable[[bytes], object]) -> HttpResponse:
    """Let the words of the form decide: `act` is told what they are looked up by.

    `act` raises NotAllowed when they open nothing, and TooManyGuesses.
    """
    words = words_of(request)
    if words is None:
        return refuse(request, "count")
    try:
        act(coding.stretch(words).lookup)
    except NotAllowed:
        return refuse(request, "unknown")
    except TooManyGuesses:
        return refuse(request, "busy")
    return see_other(HttpResponseRedirect(f"{reverse('chat:plain-in')}?{done}"))


def language_of(request: HttpRequest) -> str:
    """The language of the form."""
    language = request.POST.get("lang", "")
    if language not in ALL:
        raise BadRequest
    return language


def words_of(request: HttpRequest) -> str | None:
    """What she typed; None unless they are six words."""
    words = request.POST.get("words", "").split()
    return " ".join(words) if len(words) == coding.WORDS else None


def refuse(request: HttpRequest, why: str) -> HttpResponse:
    """The form again, empty, with the reason."""
    return show(request, "chat/plain_in.html", language=language_of(request), refused=why)
