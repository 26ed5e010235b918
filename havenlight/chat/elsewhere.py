"""What she can do when nobody here can talk with her, or besides: one page of help and to read."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from havenlight.chat import look
from havenlight.chat.plain.pages import show
from havenlight.team import helpline
from havenlight.team.codes import Topic
from havenlight.team.helpline import Card

_TOPICS = (
    *(Topic.SAFETY, Topic.IMAGES, Topic.SHELTER, Topic.EXPLOITATION),
    *(Topic.RIGHTS, Topic.HELP, Topic.LISTENING, Topic.WELCOME, Topic.GOODBYE),
)


@dataclass(frozen=True, slots=True)
class Part:
    """The cards about one thing; `topic` is also where a link can lead to."""

    topic: str
    cards: list[Card]


@gzip_page
@require_safe
def page(request: HttpRequest, lang: str) -> HttpResponse:
    """Other helplines, and cards to read, in the language of the address."""
    return show(
        request,
        "chat/elsewhere.html",
        language=look.language_of(request, lang),
        lines=helpline.emergency_lines(),
        helplines=helpline.other_helplines(lang),
        removers=helpline.image_services,
        parts=_parts(lang),
    )


@gzip_page
@require_safe
def hide(request: HttpRequest, lang: str) -> HttpResponse:
    """How she hides her visit, and what cannot be hidden by us."""
    return show(request, "chat/hide.html", language=look.language_of(request, lang))


@require_safe
def theme(_request: HttpRequest) -> HttpResponse:
    """The helpline's colours, for the pages whose style is not inlined."""
    return HttpResponse(helpline.theme_css(), content_type="text/css")


def _parts(language: str) -> list[Part]:
    found = [card for card in helpline.cards() if card.language == language]
    found.sort(key=lambda card: _TOPICS.index(Topic(card.topic)))
    return [
        Part(topic, list(cards)) for topic, cards in groupby(found, key=lambda card: card.topic)
    ]
