"""How the visitor's pages look and in which language they are, as the helpline settled it."""

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest
from django.utils import translation

from havenlight.team import helpline
from havenlight.team import queries as team


def language_of(request: HttpRequest, asked: str | None) -> str:
    """The language that was asked for, or else that of her browser as far as it is switched on.

    Raises Http404 when one is asked for that the helpline has switched off.
    """
    on = [code for code, _ in helpline.languages()]
    language = asked or translation.get_language_from_request(request)
    if language in on:
        return language
    if asked:
        raise Http404
    return on[0] if on else team.organisation().default_language


def style() -> tuple[str, str]:
    """The style of the page, with the helpline's colours, and the source that lets it through."""
    text = _page_style() + helpline.theme_css()
    return text, _source(text)


@lru_cache(maxsize=1)
def _page_style() -> str:
    found = finders.find("chat/visit.css")
    if not isinstance(found, str):
        raise FileNotFoundError("chat/visit.css")
    return Path(found).read_text(encoding="utf-8")


@lru_cache(maxsize=4)
def _source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
