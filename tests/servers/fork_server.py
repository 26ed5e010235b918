"""A process that has loaded Havenlight, and forks one that runs it for each command asked of it.

usage: python -m tests.servers.fork_server <descriptor of a socket>

Loading is most of what a short command costs, and tests run more than a hundred. A fork reads its
settings from its own environment. What a real start does besides is seen by the installations that
are made without a fork server, and by tests that run the command themselves.
"""

import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from typing import NamedTuple

from tests.servers import standing

INT_BYTES = 4
_REQUEST_BYTES = 200_000
_PR_SET_PDEATHSIG = 1
_OF_DJANGO = frozenset({"collectstatic", "migrate", "shell"})


class Running(NamedTuple):
    """A fork, and the pipe at whose other end its status is waited for."""

    pid: int
    told: int


def main() -> None:
    """Fork until nobody can ask any more; in a fork, run what was asked."""
    _load()
    command = import_module("havenlight.site.command")
    request = _forked(socket.socket(fileno=int(sys.argv[1])))
    if request is None:
        return
    asked = json.loads(request)
    os.chdir(asked["directory"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = asked["command"]
    standing.forget_settings()
    sys.exit(command.main())


def _load() -> None:
    """Import what a server and its commands import."""
    import django
    from django.conf import settings
    from django.core.management import get_commands, load_command_class

    django.setup()
    for name, application in get_commands().items():
        if application.startswith("havenlight") or name in _OF_DJANGO:
            load_command_class(application, name)
    middleware = {path.rpartition(".")[0] for path in settings.MIDDLEWARE}
    for module in (*middleware, settings.ROOT_URLCONF, "psycopg_pool", "redis.asyncio", "uvloop"):
        import_module(module)
    standing.remember_settings()
    gc.collect()
    gc.freeze()


def _forked(asking: socket.socket) -> bytes | None:
    """In a fork: what is asked of it. In this process: None, when who asks is gone."""
    server = os.getpid()
    running: dict[int, Running] = {}  # by a descriptor that can be read when it has ended
    waiting = select.poll()
    waiting.register(asking, select.POLLIN)
    while True:
        for ready, _ in waiting.poll():
            if ended := running.pop(ready, None):
                waiting.unregister(ready)
                os.close(ready)
                _tell_end(ended)
                continue
            request, descriptors, _, _ = socket.recv_fds(asking, _REQUEST_BYTES, INT_BYTES)
            if not request:
                return None
            *streams, told = descriptors
            pid = os.fork()
            if pid == 0:
                _die_with(server)
                others = [told, *running, *(other.told for other in running.values())]
                _take_over(streams, asking.detach(), *others)
                return request
            for stream in streams:
                os.close(stream)
            os.write(told, pid.to_bytes(INT_BYTES))
            end = os.pidfd_open(pid)
            running[end] = Running(pid, told)
            waiting.register(end, select.POLLIN)


def _die_with(server: int) -> None:
    """Let this process end at once when `server` does, as `setpriv --pdeathsig KILL` would."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:
        os._exit(1)


def _take_over(streams: list[int], *others: int) -> None:
    """Make `streams` standard input, output and error, and close what is another's."""
    for standard, stream in enumerate(streams):
        os.dup2(stream, standard)
    for descriptor in (*streams, *others):
        os.close(descriptor)


def _tell_end(ended: Running) -> None:
    _, status = os.waitpid(ended.pid, 0)
    with suppress(BrokenPipeError):  # nobody waits for it
        os.write(ended.told, os.waitstatus_to_exitcode(status).to_bytes(INT_BYTES, signed=True))
    os.close(ended.told)


if __name__ == "__main__":
    main()
