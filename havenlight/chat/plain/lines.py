"""What happens in a chat, as lines of a page that runs no scripts."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from havenlight.chat import returning
from havenlight.chat.models import Conversation
from havenlight.chat.plain.consent import buttons
from havenlight.chat.returning import FormerRow
from havenlight.chat.states import State
from havenlight.core.seal import code
from havenlight.core.seal.envelope import Place
from havenlight.core.seal.keys import VISITOR
from havenlight.core.seal.reading import Outcome, Reader
from havenlight.team import helpline
from havenlight.team import queries as team

_OPEN_END = "<!-- open -->"

AGAIN = '<meta http-equiv="refresh" content="2">'
"""Loads the frame again by itself; in a frame that leaves no history."""


def page_head(conversation: Conversation, key: bytes, sealed_code: bytes) -> str:
    """The page up to the list that lines are added to, in the conversation's language.

    Who came back by her code reads above it what was said before.
    """
    with translation.override(conversation.language):
        before = former(conversation, key, sealed_code) if sealed_code else ""
        context = {**_context(conversation), "before": before}
        page = render_to_string("chat/plain_messages.html", context)
    return page.partition(_OPEN_END)[0]


def _context(conversation: Conversation) -> dict[str, object]:
    whom, danger, minor = conversation.for_whom, conversation.in_danger, conversation.under_18
    return {
        "organisation": team.organisation(),
        "texts": helpline.texts(conversation.language),
        "icon": helpline.icon(),
        "lang": conversation.language,
        "is_waiting": conversation.state == State.WAITING,
        "is_left": conversation.state == State.LEFT,
        "is_in_danger": danger is True,
        "for_whom": _buttons(
            whom, ("self", _("Me"), "self"), ("other", _("Someone else"), "other")
        ),
        "in_danger": _buttons(danger, ("yes", _("Yes"), True), ("no", _("No"), False)),
        "under_18": _buttons(minor, ("yes", _("Yes"), True), ("no", _("No"), False)),
    }


def _buttons(tapped: object, *choices: tuple[str, str, object]) -> list[tuple[str, str, bool]]:
    """Value, words and whether it is on; one that is on takes her answer back when pressed."""
    return [
        ("skip" if tapped == meant else value, words, tapped == meant)
        for value, words, meant in choices
    ]


class Lines:
    """The lines of one conversation, from its beginning; gettext must speak her language."""

    def __init__(self, key: bytes, conv: str, alias: str = "") -> None:
        self._conv = conv
        self._reader = Reader(key, conv)
        self._state = ""
        self._alias = alias
        self._reads_along: str | None = None
        self._span: tuple[int, int] | None = None
        self._is_away = False

    def message(self, seq: int, place: Place, envelope: bytes) -> str:
        """A message, and before it that one is missing, if so."""
        reading = self._reader.read(seq, place, envelope)
        if reading is None or reading.outcome is Outcome.REPEATED:
            return ""
        before = _event(_("A message is missing here.")) if reading.missing else ""
        if reading.said is None:
            return before + _event(_("This message could not be read."))
        if place.sender == VISITOR:
            return before + format_html(
                '<div class="said hers"><p class="unseen">{}</p><p class="text">{}</p>'
                '<p class="state">{}</p></div>',
                _("You"),
                reading.said.text,
                _("Arrived"),
            )
        asked = buttons(reading.said.card) if self._state == "active" else ""
        return before + format_html(
            '<div class="{}"><p class="unseen">{}</p><p class="text" dir="auto">{}</p>{}</div>',
            "said question" if asked else "said",
            self._alias,
            # The text lists what the buttons ask about; its first lines are the question itself.
            reading.said.text.partition("\n\n")[0] if asked else reading.said.text,
            asked,
        )

    def state(self, state: str, by: str | None, alias: str | None) -> str:
        """That someone is there for her, or how it ended; nothing when it was told before."""
        if state == self._state:
            return ""
        self._state, self._alias = state, alias or ""
        if state == "active":
            # Its class hides the questions of those who wait.
            here = _("{name} is here for you now.").format(name=alias)
            return format_html('<p class="event here">{}</p>', here)
        return "" if state in {"waiting", "left"} else self._end(by)

    def reads_along(self, reader: str | None) -> str:
        """That someone of the team reads along, or no longer does."""
        if reader == self._reads_along:
            return ""
        before, self._reads_along = self._reads_along, reader
        if self._state != "active":
            return ""
        said = (
            _("{name} of our team reads along now.")
            if reader
            else _("{name} no longer reads along.")
        )
        return _event(said.format(name=reader or before))

    def away(self, *, is_away: bool) -> str:
        """That who answers has lost the connection, or is back."""
        if self._state != "active" or is_away == self._is_away:
            return ""
        self._is_away = is_away
        lost = _("{name} has lost the connection for a moment. Your chat stays open.")
        return _event((lost if is_away else _("{name} is back.")).format(name=self._alias))

    def wait(self, span: tuple[int, int] | None) -> str:
        """How long it may take, when that has become another."""
        if span == self._span or span is None or self._state != "waiting":
            return ""
        self._span = span
        least, most = span
        if least == 0:
            return _event(_("Less than {to} minutes, we think.").format(to=most))
        return _event(_("About {from} to {to} minutes.").format(**{"from": least, "to": most}))

    def _end(self, by: str | None) -> str:
        said = {
            "member": _("The chat has ended"),
            "visitor": _("You ended the chat"),
            "exit": _("You ended the chat"),
        }.get(by or "", _("This chat is closed"))
        return format_html(
            '<p class="event here"><b>{}</b></p>'
            '<p class="event"><a href="{}" target="_top">{}</a></p>',
            said,
            reverse("chat:visit"),
            _("Back to the start"),
        )


def former(conversation: Conversation, key: bytes, sealed_code: bytes) -> SafeString:
    """What was said before in the thread of a conversation, and when they talk again."""
    conv = conversation.pk.hex
    code_key = code.open_in_tab(sealed_code, key, conv)
    zone = ZoneInfo(team.organisation().time_zone)
    rows = returning.former_conversations(conversation.pk, "code")
    lines = [line for row in rows for line in _former_lines(conversation.pk, row, code_key, zone)]
    if (agreed := conversation.thread.agreed_at) is not None:
        local = agreed.astimezone(zone)
        told = _("We talk again on {date} at {time}.")
        lines.append(_event(told.format(date=_day(local), time=f"{local:%H:%M}")))
    return mark_safe("".join(lines))  # noqa: S308 -- each line is made by format_html


def _former_lines(asker: UUID, row: FormerRow, code_key: bytes, zone: ZoneInfo) -> Iterator[str]:
    date = _day(datetime.fromtimestamp(row.at * 60, zone))
    if row.letter:
        told = _("{date}. You left a message.")
    else:
        told = _("{date}. You talked with {name}.") if row.alias else _("{date}. You were in line.")
    yield _event(told.format(date=date, name=row.alias))
    lines = Lines(code.unwrap(row.wrap, code_key, row.conv), row.conv, row.alias or "")
    seq = 0
    while messages := returning.former_messages(asker, UUID(row.conv), seq):
        for message in messages:
            place = Place(row.conv, message.sender, message.n, message.id)
            yield lines.message(message.seq, place, message.envelope)
        seq = messages[-1].seq


def _day(moment: datetime) -> str:
    return formats.date_format(moment, "l j F")


def _event(text: str) -> SafeString:
    return format_html('<p class="event">{}</p>', text)
