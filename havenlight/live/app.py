"""What the hot path answers: docs/protocol.md, sections 5 to 7."""

import asyncio
import logging
import random
import re
import time
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, Protocol
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
from havenlight.live import inside, opening, pages, wire
from havenlight.live.django import in_django
from havenlight.live.hub import Hub
from havenlight.live.jobs import Append, Done, Kept, Read
from havenlight.live.pages import PageStream
from havenlight.live.rounds import Rounds
from havenlight.live.streams import MemberStream, ReadingStream, Stream

Headers = dict[bytes, bytes]
Reply = Callable[[int, bytes], None]

log = logging.getLogger(__name__)

_PATH = re.compile(rf"/live/conv/([0-9a-f]{{32}})/({'|'.join(opening.POSTS)})")
_EVENTS = "/live/events"
_PLAIN = "/live/plain"
_POLL_SECONDS = 25
_CLAIMS_MOST = 50_000
_STREAMS = {
    opening.VISITOR: Stream,
    opening.MEMBER: MemberStream,
    tokens.READER: ReadingStream,
}


class Exchange(Protocol):
    """A request that waits for its answer."""

    body: bytes

    def reply(self, status: int, body: bytes) -> None:
        """Answer with JSON, or with nothing."""

    def refuse(self, refusal: Refused) -> None:
        """Answer that it is refused, and why."""

    def begin_stream(self, stream: Stream, first: bytes) -> None:
        """Answer with a stream that begins with `first`."""

    def begin_page(self, stream: PageStream) -> None:
        """Answer with a page that goes on."""

    def reply_page(self, body: bytes) -> None:
        """Answer with a page."""


class Live:
    """Answers what is below /live/."""

    def __init__(self) -> None:
        self._origins = frozenset(origin.encode() for origin in settings.ORIGINS)
        self._secret = settings.TOKEN_SECRET
        self._claims: dict[bytes, Claims] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._marks = {"r": self._read, "t": self._typing, "leave": self._leave}
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
        inside.open_to(self._hub)
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
        inside.close()
        await self._rounds.stop()
        await self._hub.stop()

    def take(
        self, exchange: Exchange, method: bytes, path: str, query: str, headers: Headers
    ) -> None:
        """Answer one request; what is refused is answered in the protocol's words."""
        try:
            if path == _EVENTS:
                self._events(exchange, method, query, headers)
            elif path == _PLAIN:
                self._page(exchange, method, query, headers)
            else:
                self._post(exchange, method, path, headers)
        except Refused as refusal:
            exchange.refuse(refusal)

    def close(self, stream: Stream) -> None:
        """The reader of `stream` has gone."""
        stream.close(None)
        self._hub.close(stream)

    def _post(self, exchange: Exchange, method: bytes, path: str, headers: Headers) -> None:
        found = _PATH.fullmatch(path)
        if found is None:
            raise Refused("unknown")
        if method != b"POST":
            raise Refused("method")
        if headers.get(b"origin") not in self._origins:
            raise Refused("origin")
        if headers.get(b"content-type", b"").partition(b";")[0] != b"application/json":
            raise Refused("not_json")
        claims = self._claims_of(headers)
        conv, verb = found.groups()
        if conv not in claims.conversations or claims.role not in opening.POSTS[verb]:
            raise Refused("unknown")
        if verb == "m":
            self._message(exchange, claims, conv)
        else:
            self._run(_answer(exchange, self._marks[verb](claims, conv, exchange.body)))

    def _message(self, exchange: Exchange, claims: Claims, conv: str) -> None:
        posted = wire.posted(exchange.body)

        def done(kept: Kept | Done | Refused) -> None:
            if isinstance(kept, Kept):
                body = f'{{"id":"{posted.id}","seq":{kept.seq},"at":{kept.at}}}'
                exchange.reply(200, body.encode())
            elif isinstance(kept, Refused):
                exchange.refuse(kept)

        sender, subject = claims.sender, claims.subject
        message = Append(conv, posted.id, sender, subject, posted.n, posted.env, posted.text)
        self._hub.keep(message, done)

    async def _read(self, claims: Claims, conv: str, raw: bytes) -> None:
        seq = wire.body(raw, wire.ReadUpTo).seq
        await self._hub.mark(Read(conv, claims.role, claims.subject, seq))

    async def _typing(self, claims: Claims, conv: str, raw: bytes) -> None:
        wire.body(raw, wire.Typing)
        self._hub.type(conv, claims.role)

    async def _leave(self, claims: Claims, conv: str, raw: bytes) -> None:
        how = wire.body(raw, wire.Leaving).how
        member = UUID(claims.subject) if claims.role == "c" else None
        by = By.MEMBER if member else By(wire.LEFT_BY[how])
        try:
            await in_django(actions.leave, UUID(conv), by, member)
        except NotAllowed:
            raise Refused("unknown") from None
        except DatabaseError:
            raise Refused("storage", 2) from None

    def _events(self, exchange: Exchange, method: bytes, query: str, headers: Headers) -> None:
        if method != b"GET":
            raise Refused("method")
        if b"origin" in headers and headers[b"origin"] not in self._origins:
            raise Refused("origin")
        claims = self._claims_of(headers)
        self._check_room()
        asked = parse_qs(query) if query else {}
        last_event_id = headers.get(b"last-event-id", b"").decode("latin-1")
        held = wire.since(asked.get("since", [""])[0], last_event_id, claims.conversations)
        stream = _STREAMS[claims.role](claims, held, is_poll=asked.get("poll") == ["1"])
        retry_ms = 1_000 + int(random.random() * 2_000)  # noqa: S311 -- jitter
        exchange.begin_stream(stream, b"retry: %d\n\n" % retry_ms)
        self._open(stream)

    def _check_room(self) -> None:
        if self._stopping:
            raise Refused("stopping", 2)
        if self._hub.streams.are_full:
            raise Refused("busy", 5)

    def _page(self, exchange: Exchange, method: bytes, query: str, headers: Headers) -> None:
        if method != b"GET":
            raise Refused("method")
        self._check_room()
        cookie = headers.get(b"cookie", b"").decode("latin-1")
        self._run(self._open_page(exchange, cookie, is_still=query == "still"))

    async def _open_page(self, exchange: Exchange, cookie: str, *, is_still: bool) -> None:
        try:
            stream = await in_django(pages.open_page, cookie, is_still=is_still)
        except NotAllowed:
            # The page around it says that it is closed.
            exchange.reply_page(b"<!DOCTYPE html>")
            return
        except DatabaseError:
            exchange.refuse(Refused("storage", 2))
            return
        exchange.begin_page(stream)
        self._open(stream)

    def _open(self, stream: Stream) -> None:
        try:
            self._hub.open(stream)
        except Refused:
            # Too much waits to be read, or this process stops: the client comes back by itself.
            stream.close("stopping")
        if stream.is_poll:
            asyncio.get_running_loop().call_later(_POLL_SECONDS, stream.close, None)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _claims_of(self, headers: Headers) -> Claims:
        """Who asks, from the token; one that was read before costs no second HMAC."""
        bearer = headers.get(b"authorization", b"")
        claims = self._claims.get(bearer)
        now = time.time()
        if claims is None or not tokens.is_current(claims, now):
            token = bearer.removeprefix(b"Bearer ").decode("latin-1")
            try:
                claims = tokens.read(token, self._secret, now)
            except tokens.TokenRefused:
                raise Refused("token") from None
            if len(self._claims) >= _CLAIMS_MOST:
                self._claims.clear()
            self._claims[bearer] = claims
        if self._hub.is_barred(claims):
            raise Refused("token")
        return claims


async def _answer(exchange: Exchange, mark: Coroutine[Any, Any, None]) -> None:
    try:
        await mark
    except Refused as refusal:
        exchange.refuse(refusal)
    except Exception:  # whatever it was, the caller must be answered
        log.exception("a request could not be answered")
        exchange.refuse(Refused("storage", 2))
    else:
        exchange.reply(204, b"")
