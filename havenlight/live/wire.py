"""The frames and bodies of the protocol: docs/protocol.md, sections 5 to 7."""

import json
from typing import Any, NamedTuple

from havenlight.core.ids import is_id
from havenlight.core.refusals import Refused
from havenlight.core.seal.encoding import unb64
from havenlight.core.seal.errors import EncodingRefused
from havenlight.live.jobs import Facts, Stored

BODY_MOST_BYTES = 16_384
ENVELOPE_MOST_BYTES = 12_288
ENVELOPE_VERSION = 1
_ENVELOPE_HEAD_BYTES = 29
_ENVELOPE_STEP_BYTES = 256
_N_MOST = 2**31 - 1

LEFT_BY = {"leave": "visitor", "exit": "exit"}

Fields = dict[str, Any]


class Posted(NamedTuple):
    """A message as a client posts it: its envelope as bytes, and as the text that they came in."""

    id: str
    n: int
    env: bytes
    text: str


def frame(event: str, data: object) -> bytes:
    """One event of a stream."""
    return f"event: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def message_frame(conv: str, message: Stored, env: str) -> bytes:
    """The event of a message, `env` its envelope as text.

    Each value has been checked: none needs escaping.
    """
    return (
        f'id: {message.seq}\nevent: m\ndata: {{"conv":"{conv}","seq":{message.seq},'
        f'"id":"{message.id}","from":"{message.sender}","n":{message.n},"at":{message.at},'
        f'"env":"{env}"}}\n\n'
    ).encode()


def greeting(conv: str, facts: Facts, other: str, *, here: bool) -> bytes:
    """The events that open a conversation: its state, both marks, whether the `other` is there.

    Written as one: connecting is what a server does most after it was away.
    """
    by, alias, on = json.dumps(facts.by), json.dumps(facts.alias), json.dumps(here)
    reader = json.dumps(facts.reader)
    return (
        f'event: s\ndata: {{"conv":"{conv}","state":"{facts.state}","by":{by},"alias":{alias},'
        f'"reader":{reader}}}\n\n'
        f'event: r\ndata: {{"conv":"{conv}","who":"v","seq":{facts.visitor_read}}}\n\n'
        f'event: r\ndata: {{"conv":"{conv}","who":"c","seq":{facts.member_read}}}\n\n'
        f'event: a\ndata: {{"conv":"{conv}","who":"{other}","on":{on}}}\n\n'
    ).encode()


def fields_of(body: bytes) -> Fields:
    """The JSON object in a body, or Refused as malformed."""
    try:
        # Decoded first: the json module would look for UTF-16 and UTF-32 in it.
        fields = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise Refused("malformed") from None
    if type(fields) is not dict:
        raise Refused("malformed")
    return fields


def posted(fields: Fields) -> Posted:
    """The message in a body; Refused as malformed, or too_large for an envelope over its limit.

    Only what has the form of an envelope gets through: a client that forgot to seal is stopped
    here, before its text is stored.
    """
    id_, n, env = fields.get("id"), whole(fields, "n"), fields.get("env")
    if not isinstance(id_, str) or not is_id(id_) or not isinstance(env, str):
        raise Refused("malformed")
    try:
        raw = unb64(env)
    except EncodingRefused:
        raise Refused("malformed") from None
    if len(raw) > ENVELOPE_MOST_BYTES:
        raise Refused("too_large")
    padded, rest = divmod(len(raw) - _ENVELOPE_HEAD_BYTES, _ENVELOPE_STEP_BYTES)
    if rest or padded < 1 or raw[0] != ENVELOPE_VERSION:
        raise Refused("malformed")
    return Posted(id_, n, raw, env)


def whole(fields: Fields, name: str) -> int:
    """A whole number from 1, or Refused as malformed."""
    value = fields.get(name)
    if type(value) is not int or not 1 <= value <= _N_MOST:
        raise Refused("malformed")
    return value


def since(query: str, last_event_id: str | None, conversations: tuple[str, ...]) -> dict[str, int]:
    """The last `seq` held of each conversation: from `?since=`, or `Last-Event-ID` of a visitor.

    Conversations that the token does not name are passed over; Refused as malformed otherwise.
    """
    held = dict.fromkeys(conversations, 0)
    try:
        if query:
            for part in query.split(","):
                conv, seq = part.split(":")
                if conv in held:
                    held[conv] = _held(seq)
        elif last_event_id and len(conversations) == 1:
            held[conversations[0]] = _held(last_event_id)
    except ValueError:
        raise Refused("malformed") from None
    return held


def _held(digits: str) -> int:
    seq = int(digits)
    if not 0 <= seq <= _N_MOST:
        raise ValueError(digits)
    return seq
