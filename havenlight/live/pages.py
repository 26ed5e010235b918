"""The stream of a visitor without scripts: an endless page that what happens is added to.

To the hub it is a stream like any other. What others get as events, this one gets as HTML.
"""

import json
import time
from collections.abc import Iterator
from typing import Any

from django.http import parse_cookie
from django.utils import translation

from havenlight.chat.errors import NotAllowed
from havenlight.chat.plain.lines import AGAIN, Lines, page_head
from havenlight.chat.plain.session import COOKIE, Session
from havenlight.core.seal.encoding import unb64
from havenlight.core.seal.envelope import Place
from havenlight.core.seal.keys import VISITOR
from havenlight.core.tokens import LIFETIME_SECONDS, Claims
from havenlight.live.streams import Stream

# Something that shows nothing, as a comment of an event stream does.
_NOTHING = "\n"


class PageStream(Stream):
    """An open page of one conversation, in the language in which it was begun.

    One that `is_still` ends when it shows all there is.
    """

    def __init__(
        self, claims: Claims, lines: Lines, language: str, head: bytes, *, is_still: bool
    ) -> None:
        super().__init__(claims, dict.fromkeys(claims.conversations, 0), is_poll=False)
        self.head = head
        self._lines = lines
        self._language = language
        self._is_still = is_still

    def push(self, chunk: bytes) -> None:
        """Add what `chunk`, which holds events, says."""
        super().push(self._html(chunk))

    async def push_page(self, chunks: list[bytes]) -> None:
        """Add history."""
        await super().push_page([self._html(chunk) for chunk in chunks])

    def caught_up(self, conv: str) -> None:
        """Let live events through, or end."""
        super().caught_up(conv)
        if self._is_still:
            self.close(None)

    def _html(self, chunk: bytes) -> bytes:
        with translation.override(self._language):
            return "".join(self._line(*event) for event in _events(chunk)).encode() or b"\n"

    def _line(self, name: str, data: dict[str, Any]) -> str:
        match name:
            case "m":
                place = Place(data["conv"], data["from"], data["n"], data["id"])
                return self._lines.message(data["seq"], place, unb64(data["env"]))
            case "s":
                said = self._lines.state(data["state"], data["by"], data["alias"])
                return said + self._lines.reads_along(data["reader"])
            case "a" if data["who"] != VISITOR:
                return self._lines.away(is_away=not data["on"])
            case "q" if data["wait_from"] is not None:
                return self._lines.wait((data["wait_from"], data["wait_to"]))
            case "e":
                # Another page took this one's place: it must not take it back.
                return "" if data["code"] == "replaced" else AGAIN
        return _NOTHING


def open_page(cookie: str, *, is_still: bool) -> PageStream:
    """The stream of whom `cookie` names, not yet open; raises NotAllowed."""
    session = Session.of(parse_cookie(cookie).get(COOKIE))
    if session is None:
        raise NotAllowed
    conversation, key = session.opened()
    conv, language = session.conv, conversation.language
    expires_at = int(time.time()) + LIFETIME_SECONDS
    return PageStream(
        Claims(VISITOR, conv, VISITOR, (conv,), expires_at),
        Lines(key, conv),
        language,
        page_head(conversation, key, session.code).encode(),
        is_still=is_still,
    )


def _events(chunk: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of a chunk, which the server itself has written."""
    for block in chunk.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            yield fields["event"], json.loads(fields["data"])
