"""The short-lived token, held in memory and renewed when two thirds of its life have passed."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from havenlight.client.errors import Lost, ServerRefused
from havenlight.client.link import Fields

Ask = Callable[[], Awaitable[Fields]]


class Token:
    """A token and how to get a new one."""

    def __init__(self, ask: Ask, now: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._now = now
        self._held = ""
        self._renew_at = 0.0
        self._ends_at = 0.0
        self._asking = asyncio.Lock()

    def put(self, answer: Fields) -> None:
        """Take the token that came with an answer."""
        lifetime = float(answer["expires_in"])
        self._held = str(answer["token"])
        self._renew_at = self._now() + lifetime * 2 / 3
        self._ends_at = self._now() + lifetime

    def drop(self, bearer: str) -> None:
        """Forget the token if it still is this one, which was refused."""
        if bearer == self._held:
            self._held = ""

    def expire(self) -> None:
        """Ask for a new one next time: what it should grant has changed."""
        self._renew_at = 0.0

    async def get(self) -> str:
        """The token, a new one when it is time; an old one while it lasts and none can be had."""
        if self._held and self._now() < self._renew_at:
            return self._held
        async with self._asking:
            if not self._held or self._now() >= self._renew_at:
                await self._renew()
        return self._held

    async def _renew(self) -> None:
        try:
            self.put(await self._ask())
        except (Lost, ServerRefused) as error:
            is_final = isinstance(error, ServerRefused) and not error.is_passing
            if is_final or not self._held or self._now() >= self._ends_at:
                raise
