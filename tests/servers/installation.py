"""Havenlight as an administrator runs it: our own command, in processes of its own."""

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp
from types import MappingProxyType
from typing import IO, NamedTuple

from tests.servers.forks import Fork, ForkServer
from tests.servers.process import Process, accepts, free_port
from tests.servers.stores import Postgres, Redis

COMMAND = str(Path(sys.executable).with_name("havenlight"))
ROOT = Path(__file__).parents[2]


class Prepared(NamedTuple):
    """A demo organisation that never served, to be copied.

    Args:
        directory: data, and the SQLite database unless there is a `postgres`.
    """

    directory: Path
    postgres: Postgres | None = None
    database_name: str = ""


@dataclass
class Installation:
    """One demo organisation, served by one process or several.

    Args:
        directory: of its own; data, logs and the SQLite database live there.
        postgres: where its database is; without it, SQLite and one process.
        like: whose demo organisation is copied; without it, one is made.
        processes: how many serve; more than one needs PostgreSQL and gets a Redis.
        extra: further settings, such as LIVE_BURST.
        origins: of pages that a proxy in front serves.
        counsellors: how many its demo has, unless it is copied.
        forks: what runs its commands; without it, each is loaded anew, as in service.
    """

    directory: Path
    postgres: Postgres | None = None
    like: Prepared | None = None
    processes: int = 1
    extra: dict[str, str] = field(default_factory=dict)
    origins: tuple[str, ...] = ()
    counsellors: int = 2
    forks: ForkServer | None = None
    redis: Redis | None = None
    servers: list[Process] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    database_name: str = ""

    def __post_init__(self) -> None:
        """Settle addresses and settings, and make the demo organisation; `start` serves it."""
        if self.like:
            shutil.copytree(self.like.directory, self.directory, dirs_exist_ok=True)
        self.ports = [free_port() for _ in range(self.processes)]
        if self.processes > 1:
            self.redis = Redis(self.directory)
        self.environment = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "DATA_DIR": str(self.directory),
            "DATABASE_URL": self._new_database(),
            "REDIS_URL": self.redis.url if self.redis else "",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "ORIGINS": ",".join([*self.addresses, self.named_address, *self.origins]),
            "DEMO": "1",
            # Members of tests have as many conversations as a test needs, unless it asks for less.
            "CAPACITY": "1000",
            # Behind nginx all visitors of a test come from one address.
            "START_BURST": "1000000",
            "DJANGO_SETTINGS_MODULE": "tests.servers.settings",
            "PYTHONPATH": str(ROOT),
            **self.extra,
        }
        self.servers = [
            Process(
                [COMMAND, "serve", "--host", "127.0.0.1", "--port", str(port)],
                log=self.directory / f"server-{number}.log",
                ready=partial(accepts, port),
                environment=self.environment,
                forks=self.forks,
            )
            for number, port in enumerate(self.ports)
        ]
        if self.like is None:
            members = ("--counsellors", str(self.counsellors))
            self.run("demo", "--only-prepare", "--years", *members)

    @property
    def prepared(self) -> Prepared:
        """What others may be like, unless it has served."""
        return Prepared(self.directory, self.postgres, self.database_name)

    @property
    def store(self) -> str:
        """Which database it keeps: "sqlite" or "postgres"."""
        return "postgres" if self.postgres else "sqlite"

    @property
    def addresses(self) -> list[str]:
        """Of its processes."""
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    @property
    def address(self) -> str:
        """Of its first process."""
        return self.addresses[0]

    @property
    def named_address(self) -> str:
        """The same by a name, without which there are no passkeys."""
        return self.address.replace("127.0.0.1", "localhost")

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.directory / "havenlight.sqlite3"

    def start(self) -> None:
        """Serve, by all processes."""
        for server in self.servers:
            server.launch()
        for server in self.servers:
            server.wait()

    def stop(self) -> None:
        """Stop all processes, and Redis."""
        for server in self.servers:
            server.stop()
        if self.redis:
            self.redis.close()

    def kill(self, number: int = 0) -> None:
        """End one process at once (SIGKILL)."""
        self.servers[number].kill()

    def restart(self, number: int = 0) -> None:
        """Serve again by that process, at the same address."""
        self.servers[number].restart()

    def run(self, *command: str) -> str:
        """What a command of ours prints, run as the administrator of this installation."""
        code, said, errors = self.answer(*command)
        if code:
            raise RuntimeError(f"havenlight {' '.join(command)} failed:\n{errors[-4000:]}")
        return said

    def answer(
        self, *command: str, without: str = "", changed: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[int, str, str]:
        """How a command of ours ends, what it prints and what it complains of.

        Args:
            without: a setting that is left out.
            changed: settings that are others.
        """
        environment = {**os.environ, **self.environment, **changed}
        environment.pop(without, None)
        with TemporaryFile("w+") as output, TemporaryFile("w+") as errors:
            code = self._begun([COMMAND, *command], environment, output, errors).wait()
            output.seek(0)
            errors.seek(0)
            return code, output.read(), errors.read()

    def _begun(
        self, command: list[str], environment: dict[str, str], output: IO[str], errors: IO[str]
    ) -> subprocess.Popen[bytes] | Fork:
        if self.forks:
            return self.forks.start(command, environment, output, errors)
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=errors
        )

    @property
    def sign_ins(self) -> list[dict[str, str]]:
        """What its members type: `email`, `password` and `phrase`; Anna first, then Bram."""
        found: list[dict[str, str]] = json.loads((self.directory / "demo-sign-in.json").read_text())
        return found

    def output(self) -> str:
        """All that its processes wrote so far."""
        return "".join(server.output() for server in self.servers)

    def _new_database(self) -> str:
        if self.postgres is None:
            return f"sqlite:///{self.database}"
        self.database_name = f"havenlight-{secrets.token_hex(4)}"
        if self.like is None or self.like.postgres is None:
            return self.postgres.new_database(self.database_name)
        if self.like.postgres is self.postgres:
            return self.postgres.new_database(self.database_name, self.like.database_name)
        return self.postgres.copied(self.database_name, self.like.postgres, self.like.database_name)


def prepared_once(directory: Path, forks: ForkServer) -> Prepared:
    """A demo organisation on SQLite, kept in `directory`, where another run may find it."""
    made = directory / "made"
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            making = Path(mkdtemp(dir=directory))
            Installation(making, forks=forks)
            making.rename(made)
    return Prepared(made)
