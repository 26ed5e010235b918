"""Everything a visitor reads is easy: by a named formula for each page, in both our languages."""

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from havenlight.team import starting
from tests.unit.chat.readability import reading_ease, sentences, words_in

EASY = 80
"""What both formulas call easy."""
LONGEST = 18
"""Words in a sentence."""

INLINE = frozenset({"a", "b", "br", "span"})
CONTEXT: dict[str, Any] = {
    "organisation": {"emergency_number": "112", "page_title": "Info"},
    "texts": {"name": "Havenlight"},
    "words": "words/en.txt",
}


class Texts(HTMLParser):
    """The texts of a page, one for each block."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open = ""
        self.feed(page)
        self._flush()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in INLINE:
            self._flush()

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self._flush()

    def handle_data(self, data: str) -> None:
        self._open += data

    def _flush(self) -> None:
        if text := " ".join(self._open.split()):
            self.found.append(text)
        self._open = ""


def rendered(*templates: str, **context: Any) -> Callable[[str], Iterator[str]]:
    def texts(language: str) -> Iterator[str]:
        with translation.override(language):
            for template in templates:
                page = render_to_string(template, {"lang": language, **CONTEXT, **context})
                yield from Texts(page).found

    return texts


def content(*kinds: str) -> Callable[[str], Iterator[str]]:
    def texts(language: str) -> Iterator[str]:
        begins_with = starting.read(language)
        for kind in kinds:
            yield from lines(begins_with[kind])

    return texts


def lines(found: Any) -> Iterator[str]:
    """The lines of a part of the starting content, without what a form or a link reads."""
    if isinstance(found, str):
        yield from found.splitlines()
    elif isinstance(found, list):
        for one in found:
            yield from lines(one)
    else:
        for key, value in found.items():
            if key not in {"topic", "for_whom", "number", "address"}:
                yield from lines(value)


PAGES = {
    "start": rendered("chat/_start.html", takes_new=True, door="nobody"),
    "shut": rendered("chat/_shut.html", "chat/_shut.html", opens="20:00"),
    "chat": rendered("chat/_talk.html", "chat/_words.html"),
    "way back and after": rendered("chat/more.html"),
    "hide": rendered("chat/hide.html"),
    "without scripts": rendered(
        "chat/plain.html", "chat/plain_messages.html", "chat/plain_write.html", is_waiting=True
    ),
    "code without scripts": rendered("chat/plain_in.html", "chat/plain_code.html"),
    "other help": rendered(
        "chat/elsewhere.html", removers=[{"taken": "for everyone", "without_upload": True}]
    ),
    "errors": rendered("400.html", "403.html", "404.html", "500.html"),
    "help": content("helpline", "card"),
    "own words": content("texts"),
    "ready texts": content("ready"),
}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_easy_to_read(page: str, language: str) -> None:
    texts = list(PAGES[page](language))
    said = [sentence for text in texts for sentence in sentences(text)]
    assert [sentence for sentence in said if words_in(sentence) > LONGEST] == []
    assert reading_ease(texts, language) >= EASY


def test_the_formulas_are_those_that_were_published() -> None:
    # Six words of one syllable each.
    assert reading_ease(["The cat sat on the mat."], "en") == pytest.approx(116.145)
    # Two sentences of three words, seven syllables.
    said = ["De kat slaapt. Hij ligt op tafel."]
    assert reading_ease(said, "nl") == pytest.approx(206.84 - 77 * 8 / 7 - 0.93 * 3.5)
