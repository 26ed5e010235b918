"""Against a flood of false starts: how many one address may begin, without knowing the address."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

from django.conf import settings

from havenlight.core.refusals import Refused
from havenlight.live.limits import Buckets
from havenlight.site.bodies import Send, refuse

_RENEWED_SECONDS = 3600
_PLAIN_START = "/plain/start"
STARTS = frozenset({"/chat/start", _PLAIN_START})
"""Where a chat begins."""

_WORDS = (
    "It is very busy. Please go back and try again in a minute.\n"
    "Het is erg druk. Ga terug en probeer het over een minuut nog eens.\n"
)


class Gate:
    """Counts starts by a token of the address, under a key that lives an hour and is never written.

    A school or a shelter shares one address, so a few may begin at once. Who comes over the limit
    is told to come again in some seconds, and her page does; nobody else waits for it. Each
    process counts for itself.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._renew()

    def wait_seconds(self, address: bytes) -> int | None:
        """None when a start from `address` may go on, else how long it should wait."""
        if self._now() >= self._renew_at:
            self._renew()
        self._buckets.forget_full()
        return self._buckets.take(hmac.digest(self._key, address, hashlib.sha256))

    def _renew(self) -> None:
        self._renew_at = self._now() + _RENEWED_SECONDS
        self._key = secrets.token_bytes(32)
        self._buckets = Buckets(settings.START_BURST, settings.START_PER_MINUTE / 60, self._now)


async def busy(path: str, seconds: int, send: Send) -> None:
    """Answer that she should try again: to a script in the protocol's words, else in people's."""
    if path != _PLAIN_START:
        await refuse(Refused("too_fast", seconds), send)
        return
    body = _WORDS.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": body})
