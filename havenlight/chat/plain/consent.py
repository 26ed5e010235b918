"""A question for consent on a page without scripts; its card is in docs/protocol.md, section 2."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from havenlight.chat import queries
from havenlight.chat.models import Conversation
from havenlight.core.errors import HavenlightError
from havenlight.core.ids import is_id, new_id
from havenlight.core.seal.keys import VISITOR
from havenlight.core.seal.reading import Reader


class NotAsked(HavenlightError):
    """There was no question about this referral in the conversation."""


_MOST_SHARINGS = 8
_MOST_ITEMS = 20


@dataclass(frozen=True, slots=True)
class Sharing:
    """One recipient: its referral, its name, and what exactly it would be told."""

    ref: str
    name: str
    items: list[str]

    def said(self, *, yes: bool) -> str:
        """Her answer in words, as it stands in the chat."""
        words = _("Yes, {name} may know this.") if yes else _("No, {name} may not know this.")
        return words.format(name=self.name)

    def card(self, *, yes: bool) -> dict[str, Any]:
        """What goes with those words."""
        return {"kind": "answer", "ref": self.ref, "yes": yes}


def sharings_of(card: dict[str, Any] | None) -> list[Sharing]:
    """The recipients that a card asks about; none when it is no question that we know."""
    asked = card.get("sharings") if card and card.get("kind") == "question" else None
    if not isinstance(asked, list) or len(asked) > _MOST_SHARINGS or not all(map(_is_sound, asked)):
        return []
    return [Sharing(one["ref"], one["name"], one["items"]) for one in asked]


def asked_about(conversation: Conversation, key: bytes, referral: UUID) -> Sharing:
    """What was first asked about this referral, or raise NotAsked when nothing was."""
    reader = Reader(key, conversation.pk.hex)
    for row in queries.messages_of(conversation):
        reading = reader.read(*row)
        if reading is None or reading.said is None or reading.place.sender == VISITOR:
            continue
        for sharing in sharings_of(reading.said.card):
            if sharing.ref == referral.hex:
                return sharing
    raise NotAsked


def buttons(card: dict[str, Any] | None) -> str:
    """The form of each recipient that a card asks about, in her language."""
    # One id for each answer, so that a form that is sent twice is one message.
    asked = [(one, new_id(), new_id()) for one in sharings_of(card)]
    return render_to_string("chat/_plain_consent.html", {"asked": asked}) if asked else ""


def _is_sound(asked: Any) -> bool:
    if not isinstance(asked, dict):
        return False
    items = asked.get("items")
    return (
        isinstance(asked.get("ref"), str)
        and is_id(asked["ref"])
        and _is_text(asked.get("name"))
        and isinstance(items, list)
        and len(items) <= _MOST_ITEMS
        and all(map(_is_text, items))
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""
