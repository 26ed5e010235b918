"""A server that answers as a test tells it to: the other side of the protocol at its worst."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from havenlight.core.ids import new_id
from havenlight.core.seal import envelope, keys, wraps
from havenlight.core.seal.encoding import b64, unb64
from tests.vectors import SEAL

ORGANISATION = bytes.fromhex(SEAL["keys"]["org"]["public"])
TEAM = keys.read_pkcs8(bytes.fromhex(SEAL["keys"]["team"]["private"]))
ANNA: str = SEAL["keys"]["anna"]["sender"]

Json = dict[str, Any]
Answer = Callable[[], Awaitable[web.StreamResponse]]


class ScriptedServer:
    """Keeps what is posted and streams it, unless `posts` or `streams` say otherwise.

    `posts` holds what becomes of the next posts of a message: a status to refuse with, "lost"
    (the connection ends), "kept and lost" (after storing). `streams` holds the bytes of the next
    streams, which then end. `posted` and `opened` record what was asked.
    """

    def __init__(self, manifest: str = SEAL["manifest"]["signed"]) -> None:
        self.manifest = manifest
        self.posts: deque[int | str] = deque()
        self.streams: deque[bytes] = deque()
        self.posted: list[Json] = []
        self.opened: list[str] = []
        self.bearers: list[str] = []
        self.log: list[Json] = []
        self.tokens = 0
        self._conv = ""
        self._key = b""
        self._changed = asyncio.Event()
        self._stopping = False

    def application(self) -> web.Application:
        """What serves it."""
        application = web.Application()
        application.router.add_get("/", self._page)
        application.router.add_post("/chat/start", self._start)
        application.router.add_post("/chat/token", self._token)
        application.router.add_post("/live/conv/{conv}/m", self._message)
        application.router.add_get("/live/events", self._events)
        return application

    def say(self, text: str, n: int) -> None:
        """Let Anna say something, with whatever counter."""
        place = envelope.Place(self._conv, ANNA, n, new_id())
        key = envelope.message_key(self._key, self._conv, ANNA)
        sealed = envelope.seal(envelope.Said(text, (0, 0), 1), place, key)
        self._keep(ANNA, {"id": place.id, "n": n, "env": b64(sealed)})

    def frame(self, seq: int) -> bytes:
        """The event of a message of the log."""
        return event("m", self.log[seq - 1])

    def stop(self) -> None:
        """End the streams that are open."""
        self._stopping = True
        self._changed.set()

    async def _page(self, _request: web.Request) -> web.Response:
        page = f'<body data-manifest="{self.manifest}" data-organisation-key="{b64(ORGANISATION)}">'
        return web.Response(text=page, content_type="text/html")

    async def _start(self, request: web.Request) -> web.Response:
        body = await request.json()
        self._conv = body["conv"]
        wrap = unb64(body["wrap"])
        self._key = wraps.unwrap_conversation(wrap, TEAM, self._conv, body["epoch"])
        return self._granted()

    async def _token(self, _request: web.Request) -> web.Response:
        return self._granted()

    def _granted(self) -> web.Response:
        self.tokens += 1
        return web.json_response({"token": f"token-{self.tokens}", "expires_in": 600})

    async def _message(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.posted.append(body)
        self.bearers.append(request.headers["Authorization"])
        plan = self.posts.popleft() if self.posts else None
        if isinstance(plan, int):
            code = {401: "token", 409: "n_used", 400: "malformed"}.get(plan, "busy")
            return web.json_response({"code": code, "retry_after": 0}, status=plan)
        if plan == "lost":
            return _lost(request)
        seq = self._keep("v", body)
        if plan == "kept and lost":
            return _lost(request)
        return web.json_response({"id": body["id"], "seq": seq, "at": 1})

    def _keep(self, sender: str, body: Json) -> int:
        for message in self.log:
            if message["id"] == body["id"]:
                return int(message["seq"])
        seq = len(self.log) + 1
        self.log.append({"conv": self._conv, "seq": seq, "from": sender, "at": 1, **body})
        self._changed.set()
        return seq

    async def _events(self, request: web.Request) -> web.StreamResponse:
        self.opened.append(request.query.get("since", ""))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"retry: 10\n\n")
        if self.streams:
            await response.write(self.streams.popleft())
            return response
        await self._follow(response, int(self.opened[-1].partition(":")[2] or 0))
        return response

    async def _follow(self, response: web.StreamResponse, sent: int) -> None:
        while not self._stopping:
            self._changed.clear()
            while sent < len(self.log):
                sent += 1
                await response.write(self.frame(sent))
            await self._changed.wait()


def event(name: str, data: object) -> bytes:
    """One event of a stream."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


def _lost(request: web.Request) -> web.Response:
    assert request.transport
    request.transport.close()
    return web.Response()
