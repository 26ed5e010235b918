"""The one stream of a client, held open through whatever happens to it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Self

import aiohttp

from havenlight.client.errors import Lost, ServerRefused, StreamEnded
from havenlight.client.link import Link
from havenlight.client.sse import Frame, Parser
from havenlight.client.token import Token
from havenlight.client.waiting import backoff_seconds

_DEFAULT_RETRY_SECONDS = 2.0


class Stream(AsyncIterator[Frame]):
    """Frames in the order of the stream, for as long as they are asked for.

    Nothing runs in the background: the stream is opened by the first `anext`, and opened again,
    from what `since` then says, after a drop. Asking may be given up (`asyncio.wait_for`) and
    taken up again without losing a frame.
    """

    def __init__(self, link: Link, token: Token, since: Callable[[], str]) -> None:
        self._link = link
        self._token = token
        self._since = since
        self._response: aiohttp.ClientResponse | None = None
        self._parser = Parser()
        self._frames: deque[Frame] = deque()
        self._failures = 0
        self._bearer = ""
        self._was_refused = False
        self._is_closed = False
        self._round = 0

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Frame:
        while not self._is_closed:
            if not self._frames:
                await self._read()
                continue
            frame = self._frames.popleft()
            if frame.name != "e":
                return frame
            await self._obey(str(frame.data.get("code")))
        raise StopAsyncIteration

    def again(self) -> None:
        """Open it anew at once, from what is held by then; what comes after that is sent again."""
        self._frames.clear()
        self._round += 1
        self._let_go()

    def close(self) -> None:
        """End it: whoever waits for an event is told that there are no more."""
        self._is_closed = True
        self.again()

    async def _read(self) -> None:
        """Take in what comes next, or open the stream again."""
        response = self._response
        try:
            if response is None:
                round_ = self._round
                response = await self._open()
                if round_ != self._round:  # `again` or `close` came while it opened
                    response.close()
                    return
                self._response = response
            piece = await response.content.readany()
        except (Lost, aiohttp.ClientError, TimeoutError):
            piece = b""
        except ServerRefused as refused:
            if not refused.is_passing:
                raise
            await self._wait(refused.retry_after)
            return
        if piece:
            self._failures = 0
            self._frames.extend(self._parser.feed(piece))
        elif response is self._response:
            self._let_go()
            await self._wait()
        # Otherwise it was let go on purpose, by `again`, and is opened at once.

    async def _open(self) -> aiohttp.ClientResponse:
        self._bearer = await self._token.get()
        since = self._since()
        path = f"/live/events?since={since}" if since else "/live/events"
        try:
            response = await self._link.stream(path, {"Authorization": f"Bearer {self._bearer}"})
        except ServerRefused as refused:
            if refused.code != "token" or self._was_refused:
                raise
            self._was_refused = True
            self._token.drop(self._bearer)
            return await self._open()
        self._was_refused = False
        self._parser = Parser()
        return response

    def _let_go(self) -> None:
        if self._response:
            self._response.close()
        self._response = None

    async def _wait(self, retry_after: float | None = None) -> None:
        retry = self._parser.retry_seconds or _DEFAULT_RETRY_SECONDS
        wait = max(retry, backoff_seconds(self._failures), retry_after or 0)
        self._failures += 1
        await asyncio.sleep(wait)

    async def _obey(self, code: str) -> None:
        """Do what the server's last event asks for."""
        self._let_go()
        if code == "replaced":
            raise StreamEnded(code)
        if code == "token":
            self._token.drop(self._bearer)
        if code == "stopping":
            await self._wait()
