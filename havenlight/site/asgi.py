"""The ASGI application: Django, beside the hot path that starts and stops with it."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "havenlight.site.settings")
_pages = get_asgi_application()

from havenlight.live.app import Live  # noqa: E402 -- needs Django to be set up
from havenlight.site.bodies import take_small  # noqa: E402 -- needs settings
from havenlight.site.flood import STARTS, Gate, busy  # noqa: E402 -- needs settings
from havenlight.site.tallies import tally  # noqa: E402 -- needs settings

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

# What tells who or where someone is. Nothing behind this module ever sees it.
_TELLING = frozenset(
    {
        b"cf-connecting-ip",
        b"forwarded",
        b"referer",
        b"true-client-ip",
        b"user-agent",
        b"via",
        b"x-forwarded-for",
        b"x-havenlight-peer",
        b"x-real-ip",
    }
)

live = Live()
_gate = Gate(tally())


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a request, or start and stop with the server."""
    if scope["type"] == "lifespan":
        await _live_and_die(receive, send)
        return
    if (seconds := await _should_wait(scope)) is not None:
        await busy(scope["path"], seconds, send)
        return
    scope["client"] = None
    scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in _TELLING]
    await take_small(_pages, scope, receive, send)


async def _should_wait(scope: Scope) -> int | None:
    """How many seconds who begins too many chats should wait."""
    if scope["method"] != "POST" or scope["path"] not in STARTS:
        return None
    return await _gate.wait_seconds(scope["path"], dict(scope["headers"]))


async def _live_and_die(receive: Receive, send: Send) -> None:
    await receive()
    await live.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await live.stop()
    await _gate.close()
    await send({"type": "lifespan.shutdown.complete"})
