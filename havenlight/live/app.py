"""The bare ASGI application of the hot path: docs/protocol.md, sections 5 to 7."""

import asyncio
import json
import random
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import Context
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from havenlight.chat import actions
from havenlight.chat.errors import NotAllowed
from havenlight.chat.states import By
from havenlight.core import hints, tokens
from havenlight.core.hints import Hint
from havenlight.core.refusals import Refused
from havenlight.core.tokens import Claims
from havenlight.live import wire
from havenlight.live.django import in_django
from havenlight.live.hub import Hub
from havenlight.live.jobs import Append, Read
from havenlight.live.rounds import Rounds
from havenlight.live.streams import Stream
from havenlight.live.wire import Fields

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = dict[bytes, bytes]

_PATH = re.compile(r"/live/conv/([0-9a-f]{32})/(m|r|t|leave)")
_EVENTS = "/live/events"
_POLL_SECONDS = 25
_CLAIMS_MOST = 50_000

_JSON_HEADERS = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
]


class LiveApp:
    """Answers what is below /live/."""

    def __init__(self) -> None:
        self._origins = frozenset(origin.encode() for origin in settings.ORIGINS)
        self._claims: dict[bytes, Claims] = {}
        self._answer = {
            "m": self._message,
            "r": self._read,
            "t": self._typing,
            "leave": self._leave,
        }
        self._stopping = False

    async def start(self) -> None:
        """Open the database and the broker; to be called once, on the loop that serves."""
        self._hub = Hub()
        self._rounds = Rounds(self._hub)
        loop = asyncio.get_running_loop()

        def publish(hint: Hint) -> None:
            # A context of its own: that of the request which publishes ends with the request.
            loop.call_soon_threadsafe(self._hub.tell, hint, context=Context())

        self._disconnect = hints.connect(publish)
        self._hub.start(swept=self._rounds.sweep_soon)
        self._rounds.start()

    def close_streams(self) -> None:
        """Tell every reader to come back elsewhere; posts are still answered."""
        self._stopping = True
        for stream in list(self._hub.streams):
            stream.close("stopping")

    async def stop(self) -> None:
        """Finish what was taken in."""
        self._disconnect()
        await self._rounds.stop()
        await self._hub.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is refused is answered in the protocol's words."""
        try:
            if scope["path"] == _EVENTS:
                await self._events(scope, receive, send)
            else:
                body = await self._post(scope, receive)
                await _respond(send, 204 if body is None else 200, body or b"")
        except Refused as refusal:
            await _respond(send, refusal.status, json.dumps(refusal.as_json()).encode())

    async def _post(self, scope: Scope, receive: Receive) -> bytes | None:
        found = _PATH.fullmatch(scope["path"])
        if found is None:
            raise Refused("unknown")
        if scope["method"] != "POST":
            raise Refused("method")
        headers: Headers = dict(scope["headers"])
        if headers.get(b"origin") not in self._origins:
            raise Refused("origin")
        if headers.get(b"content-type", b"").partition(b";")[0] != b"application/json":
            raise Refused("not_json")
        claims = self._claims_of(headers)
        conv, verb = found.groups()
        if conv not in claims.conversations:
            raise Refused("unknown")
        fields = wire.fields_of(await _body(headers, receive))
        return await self._answer[verb](claims, conv, fields)

    async def _message(self, claims: Claims, conv: str, fields: Fields) -> bytes:
        posted = wire.posted(fields)
        kept = await self._hub.keep(
            Append(conv, posted.id, claims.sender, claims.subject, posted.n, posted.env)
        )
        return f'{{"id":"{posted.id}","seq":{kept.seq},"at":{kept.at}}}'.encode()

    async def _read(self, claims: Claims, conv: str, fields: Fields) -> None:
        seq = wire.whole(fields, "seq")
        await self._hub.writer.submit(Read(conv, claims.role, claims.subject, seq))

    async def _typing(self, claims: Claims, conv: str, _fields: Fields) -> None:
        self._hub.type(conv, claims.role)

    async def _leave(self, claims: Claims, conv: str, fields: Fields) -> None:
        if fields.get("how") not in wire.LEFT_BY:
            raise Refused("malformed")
        is_member = claims.role == "c"
        by = By.MEMBER if is_member else By(wire.LEFT_BY[fields["how"]])
        try:
            await in_django(
                actions.leave, UUID(conv), by, UUID(claims.subject) if is_member else None
            )
        except NotAllowed:
            raise Refused("unknown") from None
        except DatabaseError:
            raise Refused("storage", 2) from None

    async def _events(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            raise Refused("method")
        headers: Headers = dict(scope["headers"])
        if headers.get(b"origin", next(iter(self._origins))) not in self._origins:
            raise Refused("origin")
        claims = self._claims_of(headers)
        if self._stopping:
            raise Refused("stopping", 2)
        if self._hub.streams.are_full:
            raise Refused("busy", 5)
        query = parse_qs(scope["query_string"].decode("latin-1"))
        last_event_id = headers.get(b"last-event-id", b"").decode("latin-1")
        held = wire.since(query.get("since", [""])[0], last_event_id, claims.conversations)
        stream = Stream(claims, held, send, is_poll=query.get("poll") == ["1"])
        await send({"type": "http.response.start", "status": 200, "headers": _STREAM_HEADERS})
        stream.push(b"retry: %d\n\n" % random.randint(1_000, 3_000))  # noqa: S311 -- jitter
        await self._follow(stream, receive)

    async def _follow(self, stream: Stream, receive: Receive) -> None:
        """Keep a stream until its reader or the server closes it."""
        try:
            await self._hub.open(stream)
        except Refused:
            # Only the database being away gets here: a token names conversations that exist.
            stream.close("stopping")
        if stream.is_poll:
            asyncio.get_running_loop().call_later(_POLL_SECONDS, stream.close, None)
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._hub.close(stream)

    def _claims_of(self, headers: Headers) -> Claims:
        """Who asks, from the token; one that was read before costs no second HMAC."""
        bearer = headers.get(b"authorization", b"")
        claims = self._claims.get(bearer)
        now = time.time()
        if claims is None or claims.expires_at <= now:
            token = bearer.removeprefix(b"Bearer ").decode("latin-1")
            try:
                claims = tokens.read(token, settings.TOKEN_SECRET, now)
            except tokens.TokenRefused:
                raise Refused("token") from None
            if len(self._claims) >= _CLAIMS_MOST:
                self._claims.clear()
            self._claims[bearer] = claims
        if self._hub.is_barred(claims.subject):
            raise Refused("token")
        return claims


async def _body(headers: Headers, receive: Receive) -> bytes:
    """The body of a request, or Refused as soon as it is over the limit."""
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > wire.BODY_MOST_BYTES:
        raise Refused("too_large")
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > wire.BODY_MOST_BYTES:
            raise Refused("too_large")
    return body


async def _respond(send: Send, status: int, body: bytes) -> None:
    headers = [*_JSON_HEADERS, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
