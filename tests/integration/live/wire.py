"""The protocol by hand: any request at all, and what comes back, with no client in between."""

import asyncio
import contextlib
import json
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from havenlight.core.ids import new_id
from tests.servers.installation import Installation

Fields = dict[str, Any]
Body = Fields | bytes | None

_ANSWER_SECONDS = 30


def b64(raw: bytes) -> str:
    """Bytes as the protocol writes them."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


TAB_KEY = b64(bytes(32))
"""The credential of every conversation that begins by `beginning`."""


def envelope(steps: int = 1) -> str:
    """Bytes that have the form of an envelope; the server cannot tell that they open to nothing."""
    return b64(b"\x01" + secrets.token_bytes(28 + 256 * steps))


def message(**changed: object) -> Fields:
    """A first message, with what a test changes about it."""
    return {"id": new_id(), "n": 1, "env": envelope()} | changed


def beginning(**changed: object) -> Fields:
    """The body of `POST /chat/start`."""
    return {
        "conv": new_id(),
        "epoch": 1,
        "wrap": b64(secrets.token_bytes(113)),
        "tab_key": TAB_KEY,
        "half": b64(secrets.token_bytes(32)),
        "lang": "nl",
    } | changed


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def fields(self) -> Fields:
        """The JSON object in it."""
        found: Fields = json.loads(self.body)
        return found

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and code; a body that is not exactly a refusal is shown as it is."""
        try:
            fields = json.loads(self.body)
        except ValueError:
            return self.status, self.body.decode(errors="replace")
        if not isinstance(fields, dict) or not fields.keys() <= {"code", "retry_after"}:
            return self.status, self.body.decode()
        return self.status, str(fields.get("code"))


@dataclass(frozen=True, slots=True)
class Frame:
    """One event of a stream; a comment has no name and no data."""

    name: str
    data: Fields
    id: str | None = None


class Events:
    """An open stream, read event by event; of what belongs to conversations, `only` those of one.

    A member's stream tells of all that she has not finished, and tests share members.
    """

    def __init__(self, response: aiohttp.ClientResponse, only: str | None = None) -> None:
        self.response = response
        self.only = only
        self.retry_ms = 0
        self.seen: list[Frame] = []

    async def next(self) -> Frame | None:
        """The next event, comments passed over; None at the end of the stream."""
        while True:
            try:
                block = await self.response.content.readuntil(b"\n\n")
            except aiohttp.ClientPayloadError:
                return None
            if not block:
                return None
            frame = self._parse(block.decode())
            if frame is not None and self._is_asked_for(frame):
                self.seen.append(frame)
                return frame

    async def until(self, name: str, wanted: Callable[[Fields], object] = bool) -> Fields:
        """The data of the first such event; AssertionError, with what came, when none comes."""
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                while frame := await self.next():
                    if frame.name == name and wanted(frame.data or {"": ""}):
                        return frame.data
        except TimeoutError:
            pass
        raise AssertionError(f"no event {name} among {[(f.name, f.data) for f in self.seen[-20:]]}")

    async def messages(self, count: int) -> list[Fields]:
        """The next messages, others passed over."""
        return [await self.until("m") for _ in range(count)]

    async def rest(self) -> list[Frame]:
        """All events until the server ends the stream."""
        found = []
        async with asyncio.timeout(_ANSWER_SECONDS):
            while frame := await self.next():
                found.append(frame)
        return found

    async def for_seconds(self, seconds: float) -> list[Frame]:
        """What comes within that time."""
        found = []
        try:
            async with asyncio.timeout(seconds):
                while frame := await self.next():
                    found.append(frame)
        except TimeoutError:
            pass
        return found

    def close(self) -> None:
        """Drop the connection, as a phone does."""
        self.response.close()

    def _is_asked_for(self, frame: Frame) -> bool:
        return self.only is None or frame.data.get("conv", self.only) == self.only

    def _parse(self, block: str) -> Frame | None:
        lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "retry" in lines:
            self.retry_ms = int(lines["retry"])
        if "data" not in lines:
            return None
        return Frame(lines["event"], json.loads(lines["data"]), lines.get("id"))


@dataclass(slots=True)
class Side:
    """One side of a conversation, at one process: its token, and what it posts."""

    wire: "Wire"
    conv: str
    token: str
    at: int
    n: int = 0

    async def post(self, verb: str, body: Body = None, **given: Any) -> Answer:
        """Post to the conversation as this side."""
        path = f"/live/conv/{self.conv}/{verb}"
        given = {"token": self.token, "at": self.at, "body": {} if body is None else body} | given
        return await self.wire.ask("POST", path, **given)

    async def say(self, **changed: object) -> Answer:
        """Post the next message."""
        self.n += 1
        return await self.post("m", message(n=self.n, **changed))

    async def kept(self, **changed: object) -> int:
        """Post the next message, which must be kept; its `seq`."""
        answer = await self.say(**changed)
        assert answer.status == 200, answer
        seq: int = answer.fields["seq"]
        return seq

    async def open(self, query: str = "", **given: Any) -> Events:
        """A stream of this side, as far as it tells of the conversation."""
        events = await self.wire.stream(query, token=self.token, **{"at": self.at} | given)
        events.only = self.conv
        return events


@dataclass(slots=True)
class Desk:
    """A member who has signed in, at one process."""

    wire: "Wire"
    cookie: str
    csrf: str
    at: int
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """What each of her requests carries."""
        self.headers = {"Cookie": self.cookie, "X-CSRFToken": self.csrf}

    async def post(self, path: str, body: Body = None, **given: Any) -> Answer:
        """Post below /desk/ as her."""
        headers = self.headers | given.pop("headers", {})
        given = {"at": self.at, "body": {} if body is None else body} | given
        return await self.wire.ask("POST", f"/desk/{path}", headers=headers, **given)

    async def accept(self, conv: str) -> Answer:
        """Press Accept."""
        return await self.post(f"conversations/{conv}/accept")

    async def side_of(self, conv: str) -> Side:
        """Accept a conversation, which must succeed, and be its member's side."""
        answer = await self.accept(conv)
        assert answer.status == 200, answer
        return Side(self.wire, conv, answer.fields["token"], self.at)

    async def token(self) -> str:
        """A token for all conversations that she is in."""
        answer = await self.post("token")
        assert answer.status == 200, answer
        found: str = answer.fields["token"]
        return found

    async def open(self, query: str = "") -> Events:
        """Her stream, of all conversations that she is in."""
        return await self.wire.stream(query, token=await self.token(), at=self.at)


@dataclass(slots=True)
class Raw:
    """A bare connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    origin: str

    def send(self, line: str, *headers: str, token: str = "", body: bytes = b"") -> None:
        """Send a request; what the headers say of the body is up to the caller."""
        self.writer.write(self._request(line, *headers, token=token, body=body))

    def post(self, path: str, fields: Fields, *headers: str, token: str) -> None:
        """Send a POST as a good client would."""
        self.post_together((path, fields, *headers), token=token)

    def post_together(self, *posts: tuple[str, Fields, *tuple[str, ...]], token: str) -> None:
        """Send several without waiting, so that they arrive at once."""
        requests = []
        for path, fields, *headers in posts:
            body = json.dumps(fields).encode()
            sized = ("Content-Type: application/json", f"Content-Length: {len(body)}", *headers)
            requests.append(self._request(f"POST {path}", *sized, token=token, body=body))
        self.writer.write(b"".join(requests))

    def _request(self, line: str, *headers: str, token: str, body: bytes) -> bytes:
        lines = [f"{line} HTTP/1.1", "Host: 127.0.0.1", f"Origin: {self.origin}", *headers]
        lines += [f"Authorization: Bearer {token}"] if token else []
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body

    async def head(self) -> bytes:
        """The next answer's status line and headers."""
        async with asyncio.timeout(_ANSWER_SECONDS):
            return await self.reader.readuntil(b"\r\n\r\n")

    async def answer(self) -> Answer:
        """The next answer."""
        status, *lines = (await self.head()).decode().strip().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return Answer(int(status.split()[1]), body, headers)

    async def is_closed(self) -> bool:
        """Whether the server ends the connection, reading whatever comes before."""
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                await self.reader.read()
        except ConnectionResetError:
            return True
        return self.reader.at_eof()


class Wire:
    """Requests to one installation, from nobody in particular; `at` numbers its processes.

    What began here is left at the end, so that one test's conversations are not in another's queue.
    """

    def __init__(
        self,
        installation: Installation,
        session: aiohttp.ClientSession,
        stack: AsyncExitStack,
        signed_in: dict[tuple[str, int], tuple[str, str]],
    ) -> None:
        self.installation = installation
        self._session = session
        self._stack = stack
        self._signed_in = signed_in

    def address(self, at: int = 0) -> str:
        """Of one process; -1 is the last."""
        return self.installation.addresses[at]

    async def ask(
        self,
        method: str,
        path: str,
        *,
        at: int = 0,
        body: Body = None,
        token: str = "",
        headers: dict[str, str | None] | None = None,
        **given: Any,
    ) -> Answer:
        """Send one request; a header that is None is left out."""
        sent = {"Content-Type": "application/json", "Origin": self.address(at)}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        kept = {
            name: value for name, value in (sent | (headers or {})).items() if value is not None
        }
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        url = self.address(at) + path
        async with self._session.request(
            method, url, data=data, headers=kept, allow_redirects=False, **given
        ) as response:
            return Answer(response.status, await response.read(), dict(response.headers))

    async def post(self, path: str, body: Body = None, **given: Any) -> Answer:
        """Send one POST."""
        return await self.ask("POST", path, body=body, **given)

    async def stream(
        self, query: str = "", *, token: str, at: int = 0, headers: dict[str, str] | None = None
    ) -> Events:
        """An open stream; a refusal fails the test."""
        url = f"{self.address(at)}/live/events{query}"
        sent = {"Authorization": f"Bearer {token}"} | (headers or {})
        response = await self._session.get(url, headers=sent)
        self._stack.callback(response.close)
        assert response.status == 200, await response.read()
        return Events(response)

    async def connect(self, *, at: int = 0) -> "Raw":
        """A bare connection, for what no HTTP client would send."""
        port = int(self.address(at).rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        self._stack.push_async_callback(_cut, writer)
        return Raw(reader, writer, self.address(at))

    async def visitor(self, *, at: int = 0, **changed: object) -> Side:
        """A visitor who waits."""
        begun = beginning(**changed)
        answer = await self.post("/chat/start", begun, at=at)
        assert answer.status == 200, answer
        side = Side(self, begun["conv"], answer.fields["token"], at)
        self._stack.push_async_callback(side.post, "leave", {"how": "leave"})
        return side

    async def member(self, number: int = 0, *, at: int = -1) -> Desk:
        """Anna (0) or Bram (1), signed in; she signs in once for all tests."""
        known = (self.address(), number)
        if known not in self._signed_in:
            self._signed_in[known] = await self._sign_in(number)
        return Desk(self, *self._signed_in[known], at)

    def forget(self, number: int) -> None:
        """A member's session is used up by this test: the next one signs in again."""
        self._signed_in.pop((self.address(), number), None)

    async def talking(self) -> tuple[Side, Side]:
        """A visitor at the first process and Anna, who accepted her, at the last."""
        visitor = await self.visitor()
        anna = await self.member()
        return visitor, await anna.side_of(visitor.conv)

    async def _sign_in(self, number: int) -> tuple[str, str]:
        types = self.installation.sign_ins[number]
        page = self.address() + "/team/sign-in"
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            async with session.get(page) as response:
                form = await response.text()
            fields = {
                "csrfmiddlewaretoken": _found(r'name="csrfmiddlewaretoken" value="(\w+)"', form),
                "login": types["email"],
                "password": types["password"],
                "next": "/desk/",
            }
            async with session.post(page, data=fields, headers={"Referer": page}) as response:
                csrf = _found(r'data-csrf="(\w+)"', await response.text())
            cookie = "; ".join(f"{one.key}={one.value}" for one in session.cookie_jar)
        return cookie, csrf


async def _cut(writer: asyncio.StreamWriter) -> None:
    # Not `close`, which waits for the server to read what it may never read.
    writer.transport.abort()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found, f"{pattern} is not in the page"
    return found[1]
