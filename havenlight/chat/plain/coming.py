"""Coming back by six words, as a plain form."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from havenlight.chat import availability
from havenlight.chat.errors import NotAllowed, NotOpen, TooManyGuesses
from havenlight.chat.plain import coding
from havenlight.chat.plain import session as plain
from havenlight.chat.plain.pages import from_our_page, see_other, show
from havenlight.team.languages import ALL

ERASED = "1"
"""What follows the question mark when her chats were erased: it stands in the history."""


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_page
def come(request: HttpRequest) -> HttpResponse:
    """Ask for the words, or begin a chat in the thread that they open."""
    if request.method != "POST":
        asked = request.META["QUERY_STRING"]
        language = asked if asked in ALL else None
        return show(request, "chat/plain_in.html", language=language, erased=asked == ERASED)
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
