"""The frames and bodies of the protocol: docs/protocol.md, sections 5 to 7."""

import json
from typing import Annotated, Literal, NamedTuple, TypeVar

import msgspec

from havenlight.core import ids
from havenlight.core.refusals import Refused
from havenlight.core.seal.encoding import unb64
from havenlight.core.seal.errors import EncodingRefused
from havenlight.live.jobs import Facts

BODY_MOST_BYTES = 16_384
ENVELOPE_MOST_BYTES = 12_288
ENVELOPE_VERSION = 1
_ENVELOPE_HEAD_BYTES = 29
_ENVELOPE_STEP_BYTES = 256
_N_MOST = 2**31 - 1

LEFT_BY = {"leave": "visitor", "exit": "exit"}

_Whole = Annotated[int, msgspec.Meta(ge=1, le=_N_MOST)]


class Typing(msgspec.Struct):
    """The body by which a side says that it is typing: an object, of which nothing is read."""


class ReadUpTo(msgspec.Struct):
    """The body by which a side says how far it has read."""

    seq: _Whole


class Leaving(msgspec.Struct):
    """The body by which a side ends a conversation."""

    how: Literal["leave", "exit"]


class _Message(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(pattern=rf"\A{ids.PATTERN.pattern}\Z")]
    n: _Whole
    env: str


Body = TypeVar("Body", bound=msgspec.Struct)
_message = msgspec.json.Decoder(_Message).decode


class Posted(NamedTuple):
    """A message as a client posts it: its envelope as bytes, and as the text that they came in."""

    id: str
    n: int
    env: bytes
    text: str


def frame(event: str, data: object) -> bytes:
    """One event of a stream."""
    return f"event: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def message_frame(  # noqa: PLR0913, PLR0917 -- a tuple to hold them would be made for each message
    conv: str, seq: int, id_: str, sender: str, n: int, at: int, env: str
) -> bytes:
    """The event of a message, `env` its envelope as text.

    Each value has been checked: none needs escaping.
    """
    return (
        f'id: {seq}\nevent: m\ndata: {{"conv":"{conv}","seq":{seq},"id":"{id_}",'
        f'"from":"{sender}","n":{n},"at":{at},"env":"{env}"}}\n\n'
    ).encode()


def greeting(conv: str, facts: Facts, other: str, *, here: bool) -> bytes:
    """The events that open a conversation: its state, both marks, whether the `other` is there.

    Written as one: connecting is what a server does most after it was away.
    """
    on = "true" if here else "false"
    return (
        f'event: s\ndata: {{"conv":"{conv}","state":"{facts.state}","by":{_json(facts.by)},'
        f'"alias":{_json(facts.alias)},"reader":{_json(facts.reader)}}}\n\n'
        f'event: r\ndata: {{"conv":"{conv}","who":"v","seq":{facts.visitor_read}}}\n\n'
        f'event: r\ndata: {{"conv":"{conv}","who":"c","seq":{facts.member_read}}}\n\n'
        f'event: a\ndata: {{"conv":"{conv}","who":"{other}","on":{on}}}\n\n'
    ).encode()


def _json(text: str | None) -> str:
    return "null" if text is None else msgspec.json.encode(text).decode()


def body(raw: bytes, kind: type[Body]) -> Body:
    """The JSON object in a body; Refused as malformed, also for what it need not have held."""
    try:
        # Read whole first: msgspec alone would not look at what it passes over.
        return msgspec.convert(json.loads(raw.decode()), kind)
    except (ValueError, RecursionError):
        raise Refused("malformed") from None


def posted(raw: bytes) -> Posted:
    """The message in a body; Refused as malformed, or too_large for an envelope over its limit.

    Only what has the form of an envelope gets through: a client that forgot to seal is stopped
    here, before its text is stored.
    """
    try:
        message = _message(raw)
        env = unb64(message.env)
    except (ValueError, RecursionError, EncodingRefused):
        raise Refused("malformed") from None
    if len(env) > ENVELOPE_MOST_BYTES:
        raise Refused("too_large")
    padded, rest = divmod(len(env) - _ENVELOPE_HEAD_BYTES, _ENVELOPE_STEP_BYTES)
    if rest or padded < 1 or env[0] != ENVELOPE_VERSION:
        raise Refused("malformed")
    return Posted(message.id, message.n, env, message.env)


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
