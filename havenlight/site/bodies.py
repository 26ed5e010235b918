"""What may come in at all: small forms and small JSON. No file gets further than here."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

from havenlight.core.refusals import Refused

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_KINDS = frozenset({b"", b"application/json", b"application/x-www-form-urlencoded"})


async def take_small(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Let `app` answer a request whose body is of a kind and size that any page of ours sends.

    Django would put a larger one on disk before a view sees it. So this reads it no further than it
    may be large, and refuses a form with files by its name.
    """
    most_bytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    taken = 0

    async def receive_small() -> Any:
        nonlocal taken
        event = await receive()
        taken += len(event.get("body", b""))
        if taken > most_bytes:
            raise Refused("too_large")
        return event

    try:
        if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() not in _KINDS:
            raise Refused("not_json")
        if not length.isdigit() or int(length) > most_bytes:
            raise Refused("too_large")
        await app(scope, receive_small, send)
    except Refused as refusal:
        await refuse(refusal, send)


async def refuse(refusal: Refused, send: Send, **more: object) -> None:
    """Answer in the protocol's words, with what `more` it has, and close this connection."""
    body = json.dumps(refusal.as_json() | more).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
        # What else is on its way is not read.
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
