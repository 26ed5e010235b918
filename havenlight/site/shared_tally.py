"""How many chats an address began lately, for several processes: in Redis, where all expires."""

import logging
import secrets

from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

from havenlight.core.work import LIFETIME_SECONDS
from havenlight.site.tallies import RENEWED_SECONDS, OwnTally, known_as

log = logging.getLogger(__name__)

_WINDOW_SECONDS = 60
_KEY = "havenlight:starts:key"


class SharedTally:
    """The tally of several processes.

    In each minute as many may begin as START_BURST or START_PER_MINUTE, whichever is more. While
    Redis is away each process counts for itself.
    """

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
        self._own = OwnTally()

    async def begin(self, address: bytes) -> int | None:
        """None when one more chat may begin, else the seconds until this minute is over."""
        try:
            name = "havenlight:starts:" + known_as(await self._hourly_key(), address).hex()
            async with self._redis.pipeline() as asked:
                asked.set(name, 0, ex=_WINDOW_SECONDS, nx=True)
                asked.incr(name)
                asked.ttl(name)
                _, count, left = await asked.execute()
        except (RedisError, OSError):
            log.warning("redis is away; each process counts starts for itself")
            return await self._own.begin(address)
        if count <= max(settings.START_BURST, settings.START_PER_MINUTE):
            return None
        return max(1, int(left))

    async def spend(self, salt: bytes) -> bool:
        """Work is handed in once at whichever process."""
        name = "havenlight:work:" + salt.hex()
        try:
            return bool(await self._redis.set(name, b"", ex=LIFETIME_SECONDS, nx=True))
        except (RedisError, OSError):
            return await self._own.spend(salt)

    async def close(self) -> None:
        """Let go of Redis."""
        await self._redis.aclose()

    async def _hourly_key(self) -> bytes:
        await self._redis.set(_KEY, secrets.token_bytes(32), ex=RENEWED_SECONDS, nx=True)
        key = await self._redis.get(_KEY)
        # Gone in between once an hour: then this start is counted with no other.
        return key if isinstance(key, bytes) else secrets.token_bytes(32)
