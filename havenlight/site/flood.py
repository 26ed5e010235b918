"""Against a flood of false starts: how many one address may begin, without knowing the address."""

import time

from django.conf import settings

from havenlight.core import work
from havenlight.core.refusals import Refused
from havenlight.site.bodies import Send, refuse
from havenlight.site.tallies import Tally

PEER = b"x-havenlight-peer"
WORK = b"x-havenlight-work"
_PLAIN = frozenset({"/plain/start", "/plain/in"})
STARTS = frozenset({"/chat/start", *_PLAIN})
"""Where a chat begins."""

_WORDS = (
    "It is very busy. Please go back and try again in a minute.\n"
    "Het is erg druk. Ga terug en probeer het over een minuut nog eens.\n"
)


class Gate:
    """Holds back who begins too many chats from one address, and nobody else.

    A school or a shelter shares one address, so a few may begin at once. Over that a script is
    asked for work that takes a phone about a second, and gets through with it at once: who shares
    the address of a flood is not shut out by it. Without scripts she waits; starts of that way are
    counted apart, so that a flood of the other does not hold them up.
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    async def wait_seconds(self, path: str, headers: dict[bytes, bytes]) -> int | None:
        """None when a start may go on, else how long it should wait; the one use of an address."""
        address = headers.get(PEER)
        # Only a proxy gives it; without one every visitor would look the same.
        if address is None or await self._is_paid_for(headers):
            return None
        return await self._tally.begin(path.encode() + b"|" + address)

    async def close(self) -> None:
        """Let go of what counts."""
        await self._tally.close()

    async def _is_paid_for(self, headers: dict[bytes, bytes]) -> bool:
        answer = headers.get(WORK)
        if answer is None:
            return False
        try:
            salt = work.check(answer.decode("latin-1"), settings.TOKEN_SECRET, time.time())
        except work.WorkRefused:
            return False
        return await self._tally.spend(salt)


async def busy(path: str, seconds: int, send: Send) -> None:
    """Answer that she should try again: to a script in the protocol's words, else in people's."""
    if path not in _PLAIN:
        asked = work.ask(settings.TOKEN_SECRET, time.time())
        await refuse(Refused("too_fast", seconds), send, work=asked)
        return
    body = _WORDS.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(seconds).encode()),
    ]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": body})
