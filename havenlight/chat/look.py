"""How the visitor's pages look and in which language they are, as the helpline settled it."""

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from havenlight.team import helpline
from havenlight.team import queries as team


def language_of(request: HttpRequest, asked: str | None) -> str:
    """The language that was asked for, or else that of her browser as far as it is switched on.

    Raises Http404 when one is asked for that the helpline has switched off.
    """
    on = [code for code, _ in helpline.languages()]
    if asked in on:
        return asked
    if asked:
        raise Http404
    # "pt-br" counts as "pt".
    wanted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    spoken = (code.partition("-")[0] for code, _ in wanted)
    return next((code for code in spoken if code in on), _otherwise(on))


def _otherwise(on: list[str]) -> str:
    # Who reads none of them reads English sooner than the helpline's own.
    if "en" in on:
        return "en"
    return on[0] if on else team.organisation().default_language


def heading(language: str) -> str:
    """The first words of her page, in `language`."""
    with translation.override(language):
        return helpline.texts(language).heading or _("You can talk to someone here")


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
