"""HTTP to one installation: requests, each sent once, and what their failures mean."""

import json
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractCookieJar

from havenlight.client.errors import Lost, ServerRefused

Fields = dict[str, Any]

_POST_SECONDS = 20
_CONNECT_SECONDS = 10


class Link:
    """Connections to one installation; many visitors may share one, each member has her own.

    Args:
        address: scheme, host and port, which is also the `Origin` of every request.
        cookies: where cookies are kept, as only a member's sign-in needs; a visitor keeps none.
        silence_seconds: after which a stream that brings nothing counts as lost.
    """

    def __init__(
        self,
        address: str,
        *,
        cookies: AbstractCookieJar | None = None,
        silence_seconds: float = 45,
    ) -> None:
        self.address = address.rstrip("/")
        self._cookies = cookies
        self._silence_seconds = silence_seconds
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        # An empty jar is false, so it is compared.
        cookies = aiohttp.DummyCookieJar() if self._cookies is None else self._cookies
        self._session = aiohttp.ClientSession(
            self.address,
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=cookies,
            headers={"Origin": self.address},
            timeout=aiohttp.ClientTimeout(total=_POST_SECONDS, connect=_CONNECT_SECONDS),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._session:
            await self._session.close()

    async def post(self, path: str, body: Fields, headers: dict[str, str]) -> Fields:
        """Send JSON once, and return the answer's object; raises ServerRefused or Lost."""
        sent = {"Content-Type": "application/json", **headers}
        data = json.dumps(body, separators=(",", ":")).encode()
        return _fields(await self._request("POST", path, data=data, headers=sent))

    async def get(self, path: str) -> Fields:
        """The JSON object at `path`; raises ServerRefused or Lost."""
        return _fields(await self._request("GET", path))

    async def page(self, path: str) -> str:
        """The page at `path`."""
        return (await self._request("GET", path)).decode()

    async def submit(self, path: str, form: dict[str, str]) -> str:
        """The page that comes after a form, wherever it leads."""
        headers = {"Referer": self.address + path}
        return (await self._request("POST", path, data=form, headers=headers)).decode()

    async def stream(self, path: str, headers: dict[str, str]) -> aiohttp.ClientResponse:
        """An open event stream; raises ServerRefused or Lost. Who asks for it closes it."""
        timeout = aiohttp.ClientTimeout(connect=_CONNECT_SECONDS, sock_read=self._silence_seconds)
        try:
            response = await self._open.get(path, headers=headers, timeout=timeout)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Lost("the stream did not open") from error
        if response.status != 200 or response.content_type != "text/event-stream":
            async with response:
                raise _refusal(response.status, await _body(response))
        return response

    @property
    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("a link is used inside `async with`")
        return self._session

    async def _request(self, method: str, path: str, **given: Any) -> bytes:
        try:
            async with self._open.request(method, path, **given) as response:
                body = await _body(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Lost(f"no answer to {method} {path}") from error
        if not response.ok:
            raise _refusal(response.status, body)
        return body


async def _body(response: aiohttp.ClientResponse) -> bytes:
    try:
        return await response.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Lost("the answer broke off") from error


def _fields(body: bytes) -> Fields:
    try:
        fields = json.loads(body) if body else {}
    except ValueError as error:
        raise Lost("the answer is not ours") from error
    if not isinstance(fields, dict):
        raise Lost("the answer is not ours")
    return fields


def _refusal(status: int, body: bytes) -> ServerRefused | Lost:
    try:
        fields = _fields(body)
    except Lost:
        # A proxy's own page, which says nothing but its status.
        fields = {}
    if status < 400:
        return Lost(f"answered with {status} where a stream was asked for")
    asked = fields.get("retry_after")
    retry_after = asked if isinstance(asked, int | float) else None
    return ServerRefused(status, str(fields.get("code", "")), retry_after, fields.get("work"))
