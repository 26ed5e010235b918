"""Hints by Redis Pub/Sub: what gathers while one publication is under way goes in the next."""

import asyncio
import logging
import secrets
from collections.abc import Callable

import msgspec
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from havenlight.core.hints import Hint

log = logging.getLogger(__name__)

CHANNEL = "havenlight:live"
UNSENT_MOST = 10_000
_RETRY_SECONDS = 1.0


class RedisBroker:
    """One channel for the whole installation. Nothing is stored: Pub/Sub keeps no message."""

    def __init__(self, url: str) -> None:
        # No retries of its own: it would subscribe again without a word of what was missed.
        self._redis = Redis.from_url(
            url,
            socket_connect_timeout=2,
            health_check_interval=15,
            retry=Retry(NoBackoff(), retries=0),
        )
        self._node = secrets.token_bytes(4)
        self._unsent: list[Hint] = []
        self._wanted = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, heard: Callable[[Hint], None], gap: Callable[[], None]) -> None:
        """Begin to listen and to publish, and go on through losses of the connection."""
        self._tasks = [
            asyncio.create_task(self._listen(heard, gap)),
            asyncio.create_task(self._publish()),
        ]

    def publish(self, hint: Hint) -> None:
        """Pass `hint` on with the next publication; over the bound the oldest is lost."""
        if len(self._unsent) >= UNSENT_MOST:
            del self._unsent[0]
        self._unsent.append(hint)
        self._wanted.set()

    async def stop(self) -> None:
        """End both tasks and the connection."""
        # redis-py may swallow a cancellation that comes while it connects; the next one counts.
        while not all(task.done() for task in self._tasks):
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks, timeout=0.1)
        await self._redis.aclose()

    async def _publish(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            hints, self._unsent = self._unsent, []
            try:
                await self._redis.publish(CHANNEL, self._node + msgspec.msgpack.encode(hints))
            except (RedisError, OSError):
                # The hints are lost; the others find what they told by their sweep.
                await asyncio.sleep(_RETRY_SECONDS)

    async def _listen(self, heard: Callable[[Hint], None], gap: Callable[[], None]) -> None:
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(CHANNEL)
                    gap()
                    async for published in channel.listen():
                        self._hear(published["data"], heard)
            except (RedisError, OSError):
                log.warning("redis is away; streams heal from the database until it is back")
                # Connections that wait to be used are as dead: each would cost a publication.
                await self._redis.connection_pool.disconnect(inuse_connections=False)
                await asyncio.sleep(_RETRY_SECONDS)

    def _hear(self, data: bytes, heard: Callable[[Hint], None]) -> None:
        node = len(self._node)
        if data[:node] == self._node:
            return
        for hint in msgspec.msgpack.decode(data[node:]):
            heard(hint)
