"""A message as it is sealed and stored.

`01 | nonce (12) | AES-256-GCM(message key, place, padded plaintext)`. The place (conversation,
sender, counter, message id) is bound and not hidden, so the server can neither move nor
reattribute nor renumber a message. The padding keeps the length of a text to steps of 256 bytes.
"""

import json
import os
import re
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from havenlight.core.seal.derive import derive
from havenlight.core.seal.encoding import id_bytes, u32
from havenlight.core.seal.errors import EncodingRefused, SealBroken, TextRefused
from havenlight.core.seal.keys import VISITOR

VERSION = b"\x01"
NONCE_BYTES = 12
STEP_BYTES = 256
ENVELOPE_BYTES = 12_288
TEXT_CODE_POINTS = 2_000
_SENDER = re.compile("v|c:[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message belongs: `n` counts the messages of `sender` in `conversation` from 1."""

    conversation: str
    sender: str
    n: int
    id: str

    def aad(self) -> bytes:
        """The bytes that the envelope is bound to."""
        if not _SENDER.fullmatch(self.sender):
            raise EncodingRefused("a sender is v, or c: with 16 hexadecimal digits")
        where = id_bytes(self.conversation) + self.sender.encode() + u32(self.n) + id_bytes(self.id)
        return b"havenlight/msg/1|" + where


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says: its text, what its sender had seen of both sides, and the minute.

    `seen` counts the messages of the visitor and of the members that the sender held. `card` is
    what a page may show in place of the text: a question for consent, or its answer. Text and
    card are left out of `repr`, which may end in a log.
    """

    text: str = field(repr=False)
    seen: tuple[int, int]
    at: int
    card: dict[str, Any] | None = field(default=None, repr=False)


def message_key(conversation_key: bytes, conversation: str, sender: str) -> bytes:
    """The key of one direction: the visitor's, or that of the members."""
    side = b"v" if sender == VISITOR else b"c"
    return derive(conversation_key, id_bytes(conversation), b"havenlight/msgkey/1|" + side)


def seal(said: Said, place: Place, key: bytes) -> bytes:
    """The envelope of a message, or raise TextRefused; `key` comes from `message_key`."""
    padded = pad(_write(said))
    size = len(VERSION) + NONCE_BYTES + len(padded) + 16
    if size > ENVELOPE_BYTES:
        raise TextRefused(f"the envelope has {size} bytes, over {ENVELOPE_BYTES}")
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, padded, place.aad())


def open_envelope(envelope: bytes, place: Place, key: bytes) -> Said:
    """What an envelope says, or raise SealBroken unless it was sealed for exactly this place."""
    if envelope[:1] != VERSION:
        raise SealBroken("the version of the envelope is not known")
    nonce, sealed = envelope[1 : 1 + NONCE_BYTES], envelope[1 + NONCE_BYTES :]
    try:
        padded = AESGCM(key).decrypt(nonce, sealed, place.aad())
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the envelope does not open in this place") from error
    return _read(unpad(padded))


def _write(said: Said) -> bytes:
    if not 1 <= len(said.text) <= TEXT_CODE_POINTS:
        raise TextRefused(f"a text has 1 to {TEXT_CODE_POINTS} characters, not {len(said.text)}")
    fields: dict[str, Any] = {"t": said.text, "seen": list(said.seen), "at": said.at}
    if said.card is not None:
        fields["card"] = said.card
    try:
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        # Half a character, as a script that cuts a text in the wrong place leaves it.
        raise TextRefused("the text is not valid Unicode") from error


def _read(plaintext: bytes) -> Said:
    try:
        fields = json.loads(plaintext)
        text, (visitor, members), at = fields["t"], fields["seen"], fields["at"]
        code_points, card = len(text.encode()) and len(text), fields.get("card")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SealBroken("the plaintext is not the JSON of a message") from error
    if not 1 <= code_points <= TEXT_CODE_POINTS or not all(map(_is_u32, (visitor, members, at))):
        raise SealBroken("a value of the plaintext is out of range")
    if "card" in fields and not isinstance(card, dict):
        raise SealBroken("the card of a message is not an object")
    return Said(text, (visitor, members), at, card)


def _is_u32(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**32


def pad(plaintext: bytes) -> bytes:
    """Its length (u32), itself, and zeros up to a multiple of 256 bytes."""
    body = u32(len(plaintext)) + plaintext
    return body + bytes(-len(body) % STEP_BYTES)


def unpad(padded: bytes) -> bytes:
    """The one plaintext that has this padded form, or raise SealBroken."""
    plaintext = padded[4 : 4 + int.from_bytes(padded[:4], "big")]
    # One plaintext has one padded form: whatever else is in there was not put there by us.
    if pad(plaintext) != padded:
        raise SealBroken("the padding is not as it was made")
    return plaintext
