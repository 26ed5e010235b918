"""How many chats an address began lately, and which work was handed in.

An address is known by its HMAC under a random key that lives an hour. Nothing is written down.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Protocol

from django.conf import settings

from havenlight.core.work import LIFETIME_SECONDS
from havenlight.live.limits import Buckets

RENEWED_SECONDS = 3_600


class Tally(Protocol):
    """Counts the starts from each address."""

    async def begin(self, address: bytes) -> int | None:
        """None when one more chat may begin, else how many seconds it should wait."""

    async def spend(self, salt: bytes) -> bool:
        """Whether the work with this salt was not handed in before."""

    async def close(self) -> None:
        """Let go of what it holds open."""


class OwnTally:
    """The tally of a process that is alone."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._spent: dict[bytes, float] = {}
        self._renew()

    async def begin(self, address: bytes) -> int | None:
        """As many at once as START_BURST, then START_PER_MINUTE."""
        if self._now() >= self._renew_at:
            self._renew()
        self._buckets.forget_full()
        return self._buckets.take(known_as(self._key, address))

    async def spend(self, salt: bytes) -> bool:
        """Salts are remembered for as long as their work is good."""
        now = self._now()
        if salt in self._spent:
            return False
        while self._spent and next(iter(self._spent.values())) <= now:
            del self._spent[next(iter(self._spent))]
        self._spent[salt] = now + LIFETIME_SECONDS
        return True

    async def close(self) -> None:
        """It holds nothing open."""

    def _renew(self) -> None:
        self._renew_at = self._now() + RENEWED_SECONDS
        self._key = secrets.token_bytes(32)
        self._buckets = Buckets(settings.START_BURST, settings.START_PER_MINUTE / 60, self._now)


def tally() -> Tally:
    """The tally of this installation's settings."""
    if not settings.REDIS_URL:
        return OwnTally()
    # An installation without Redis need not wait for its library when it starts.
    from havenlight.site.shared_tally import SharedTally  # noqa: PLC0415

    return SharedTally(settings.REDIS_URL)


def known_as(key: bytes, address: bytes) -> bytes:
    """What stands for an address."""
    return hmac.digest(key, address, hashlib.sha256)
