"""uvicorn as Havenlight runs it: quiet, with streams that let go when it stops."""

import fcntl
import gc
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import uvicorn
from django.conf import settings

from havenlight.core.errors import HavenlightError
from havenlight.live.app import Live
from havenlight.live.protocol import protocol_of

GRACE_SECONDS = 10
_READER_GONE_MS = 30_000
_BACKLOG = 2_048


class CannotServe(HavenlightError):
    """The process cannot begin to serve; the message says why and what to do."""


class Server(uvicorn.Server):
    """A server whose open streams end before it waits for its connections to close."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and keep what was loaded until now out of every later garbage collection."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        # Requests free themselves by reference counts; collecting often only costs.
        gc.set_threshold(20_000, 20, 20)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop taking connections, end the streams, finish what was asked."""
        self._live.close_streams()
        await super().shutdown(sockets)


def serve(host: str, port: int) -> None:
    """Serve until told to stop, or raise CannotServe."""
    lock = _only_one()
    listener = _listen(host, port)
    from havenlight.site.asgi import application, live  # noqa: PLC0415 -- needs Django's apps

    config = uvicorn.Config(
        application,
        loop="uvloop",
        http=protocol_of(live),
        ws="none",
        lifespan="on",
        # An access log would hold addresses; a header of the proxy is read by asgi.py alone.
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        log_config=None,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    Server(config, live).run([listener])
    if lock is not None:
        lock.close()


@contextmanager
def nobody_serves() -> Iterator[None]:
    """Keep every process of this installation from serving, or raise CannotServe when one does.

    With REDIS_URL processes do not lock each other out, so stop them yourself.
    """
    lock = _only_one()
    try:
        yield
    finally:
        if lock is not None:
            lock.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # A reader who takes nothing for so long is cut off by the kernel, and his memory is freed.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _READER_GONE_MS)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise CannotServe(
            f"port {port} of {host} cannot be used ({error.strerror}); give another with --port"
        ) from error
    listener.listen(_BACKLOG)
    return listener


def _only_one() -> IO[bytes] | None:
    """A lock on the installation when its processes could not hear each other."""
    if settings.REDIS_URL:
        return None
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    lock = (settings.DATA_DIR / "serving.lock").open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CannotServe(
            f"another process serves {settings.DATA_DIR}; several need PostgreSQL and REDIS_URL"
        ) from None
    return lock
