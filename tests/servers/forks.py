"""Commands of Havenlight without the time it takes to load it: forks of a process that has it."""

import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from tests.servers.fork_server import INT_BYTES

_ROOT = Path(__file__).parents[2]


class ForkServer:
    """Runs commands of Havenlight as forks of one process; they end when it does."""

    def __init__(self) -> None:
        self._data = tempfile.TemporaryDirectory(prefix="havenlight-loaded-")
        standing_in = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "DATA_DIR": self._data.name,
            "DATABASE_URL": "sqlite://",
            "REDIS_URL": "",
            "DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "tests.servers.settings",
            "PYTHONPATH": str(_ROOT),
        }
        self._asking, asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        module = (sys.executable, "-P", "-m", "tests.servers.fork_server", str(asked.fileno()))
        with asked:
            self._popen = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *module],
                env=os.environ | standing_in,
                # A file as standard output is written to in blocks, as that of each fork will be.
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[asked.fileno()],
            )

    def start(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        output: IO[Any],
        errors: IO[Any],
    ) -> "Fork":
        """Start `havenlight ...`, as subprocess.Popen would."""
        asked = {
            "command": list(command),
            "environment": dict(environment),
            "directory": str(Path.cwd()),
        }
        end, told = os.pipe()
        try:
            with Path(os.devnull).open("rb") as nothing:
                streams = [stream.fileno() for stream in (nothing, output, errors)]
                socket.send_fds(self._asking, [json.dumps(asked).encode()], [*streams, told])
        finally:
            os.close(told)
        return Fork(command, end)

    def close(self) -> None:
        """Stop for good."""
        self._asking.close()
        self._popen.wait()
        self._data.cleanup()


class Fork:
    """A process that another one forked for us: what we use of subprocess.Popen."""

    def __init__(self, command: Sequence[str], end: int) -> None:
        self._command = command
        self._end = end
        self._code: int | None = None
        self.pid = int.from_bytes(os.read(end, INT_BYTES))
        if not self.pid:
            raise RuntimeError("the fork server has gone; what it said is on standard error")

    def poll(self) -> int | None:
        """How it ended, as a code of subprocess; None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, or raise TimeoutExpired."""
        if self._code is None:
            waiting = select.poll()
            waiting.register(self._end, select.POLLIN)
            if not waiting.poll(None if timeout is None else timeout * 1_000):
                raise subprocess.TimeoutExpired(self._command, timeout or 0)
            told = os.read(self._end, INT_BYTES)
            os.close(self._end)
            # Nobody tells when the server went first, and took all its forks along.
            killed = -signal.SIGKILL
            self._code = int.from_bytes(told, signed=True) if told else killed
        return self._code

    def send_signal(self, number: signal.Signals) -> None:
        """Signal it, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it ended since
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)
