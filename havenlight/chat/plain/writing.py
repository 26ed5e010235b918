"""Sealing a message on behalf of a visitor whose browser runs no scripts."""

import time
from typing import Any, NamedTuple

from havenlight.chat import queries
from havenlight.chat.models import Conversation
from havenlight.core.seal import envelope
from havenlight.core.seal.keys import VISITOR
from havenlight.core.seal.reading import Reader

MOST_CHARACTERS = 1_500
"""Of a message: percent-encoded, in any script, it fits in the body of a request."""


class Sealed(NamedTuple):
    """A message as it is posted, and up to where its writer had everything before her."""

    n: int
    envelope: bytes
    read_to: int


def seal_next(
    conversation: Conversation,
    key: bytes,
    message_id: str,
    text: str,
    card: dict[str, Any] | None = None,
) -> Sealed:
    """The next message of the visitor, or raise TextRefused; the text goes no further than here."""
    conv = conversation.pk.hex
    reader = Reader(key, conv)
    for row in queries.messages_of(conversation):
        reader.read(*row)
    place = envelope.Place(conv, VISITOR, conversation.visitor_n + 1, message_id)
    said = envelope.Said(text, reader.seen, at=int(time.time() // 60), card=card)
    return Sealed(place.n, envelope.seal(said, place, reader.key_for(VISITOR)), reader.seq)
