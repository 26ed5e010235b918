"""All that a visitor may read in a language, for the speaker who reviews it before it is on."""

from dataclasses import dataclass
from importlib.resources import files

from babel.messages.pofile import read_po

from havenlight.team import helpline

_CATALOGS = ("havenlight.chat", "havenlight.site")
"""Whose sentences are translated into every language: those that visitors read."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of Havenlight's own: as it is in a language of the members, and in the one reviewed."""

    source: str
    text: str


def sentences(language: str, beside: str) -> list[Sentence]:
    """Those of all her pages in `language`, each beside what `beside` has; as the pages go."""
    found = []
    for package in _CATALOGS:
        known = _catalog(package, beside)
        for source, text in _catalog(package, language).items():
            found.append(Sentence(known.get(source, source), text))
    return found


def own_texts(language: str) -> list[str]:
    """What the helpline says in its own words: on the pages, of other services, and in cards."""
    texts = helpline.texts(language)
    of_pages = [texts.heading, texts.lead, texts.closed_text, texts.full_text, texts.goodbye]
    others = [f"{one.name}: {one.what_for}" for one in helpline.other_helplines(language)]
    cards = [f"{one.title}: {one.text}" for one in helpline.cards() if one.language == language]
    ready = [one.text for one in helpline.ready_texts() if one.language == language]
    return [text for text in of_pages + others + cards + ready if text]


def _catalog(package: str, language: str) -> dict[str, str]:
    """Sentences by their source; none for English, in which the sources are."""
    path = files(package).joinpath(f"locale/{language}/LC_MESSAGES/django.po")
    if not path.is_file():
        return {}
    with path.open("rb") as lines:
        return {str(one.id): str(one.string) for one in read_po(lines) if one.id}
