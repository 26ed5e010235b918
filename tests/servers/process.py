"""A server process of ours: started, watched until it answers, logged to a file, surely stopped."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.servers.forks import Fork, ForkServer

START_SECONDS = 30


def free_port() -> int:
    """A port of the loopback address that nobody listens on.

    Below those that the system gives to outgoing connections: while a server is away, thousands
    of them may come and go, and one could sit on its port when it wants to come back.
    """
    for port in random.SystemRandom().sample(range(20_000, 32_000), 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise RuntimeError("no free port between 20,000 and 32,000")


def accepts(port: int) -> bool:
    """Whether something takes connections on `port`."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def as_user(user: str | None) -> list[str]:
    """What a command begins with to run as `user`; nothing for who we are."""
    return ["setpriv", "--reuid", user, "--regid", user, "--init-groups"] if user else []


class Process:
    """One server process; `start` waits until `ready` says yes, and raises its log when it dies."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        ready: Callable[[], bool],
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        forks: ForkServer | None = None,
    ) -> None:
        self.command = list(command)
        self.log = log
        self.ready = ready
        self.environment = environment
        self.user = user
        self.forks = forks
        self._popen: subprocess.Popen[bytes] | Fork | None = None

    @property
    def pid(self) -> int:
        """The process id of the server itself."""
        if self._popen is None:
            raise RuntimeError(f"{self.command[0]} is not started")
        return self._popen.pid

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start without waiting."""
        # Whatever happens to us, our servers do not outlive us.
        guard = [*(as_user(self.user) or ["setpriv"]), "--pdeathsig", "KILL"]
        environment = os.environ | (self.environment or {})
        with self.log.open("ab") as log:
            if self.forks:
                self._popen = self.forks.start(self.command, environment, log, log)
                return
            self._popen = subprocess.Popen(
                [*guard, *self.command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Wait until it answers; RuntimeError, with its log, when it does not."""
        deadline = time.monotonic() + START_SECONDS
        while not self.ready():
            if self._popen is None or self._popen.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self.command[0]} did not start:\n{self.output()[-4000:]}")
            time.sleep(0.02)

    def stop(self, *, by: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to stop, and wait; kill it when it does not within 20 seconds."""
        if self._popen is None:
            return
        self._popen.send_signal(by)
        try:
            self._popen.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._popen = None

    def kill(self) -> None:
        """End it at once, as a power cut would (SIGKILL)."""
        if self._popen is not None:
            self._popen.kill()
            self._popen.wait()
            self._popen = None

    def restart(self) -> None:
        """Start it again, on the same port, after `kill` or `stop` or as it runs."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Let it hang (SIGSTOP): its connections stay open and nothing answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after `pause`."""
        os.kill(self.pid, signal.SIGCONT)

    def output(self) -> str:
        """All that it wrote so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""
