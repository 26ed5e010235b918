"""PostgreSQL and Redis, private to one run."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg
import redis

from tests.servers.process import Process, accepts, as_user, free_port


class Postgres:
    """A PostgreSQL server of our own, as durable as in service: fsync stays on."""

    def __init__(self) -> None:
        self.port = free_port()
        # PostgreSQL refuses to run as root, and cannot enter the directories that pytest makes.
        self._user = "postgres" if os.geteuid() == 0 else None
        self.directory = Path(tempfile.mkdtemp(prefix="havenlight-postgres-"))
        programs = _postgres_programs()
        if self._user:
            shutil.chown(self.directory, self._user, self._user)
        self._initialise(programs)
        self.process = Process(
            [
                str(programs / "postgres"),
                *("-D", str(self.directory / "data")),
                *("-c", f"port={self.port}", "-c", "listen_addresses=127.0.0.1"),
                *("-c", f"unix_socket_directories={self.directory}"),
            ],
            log=self.directory / "log",
            ready=self._answers,
            user=self._user,
        )
        self.process.start()

    def _initialise(self, programs: Path) -> None:
        subprocess.run(
            [
                *as_user(self._user),
                str(programs / "initdb"),
                *("-D", str(self.directory / "data"), "-U", "postgres", "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str = "postgres") -> str:
        """The address of a database, as DATABASE_URL takes it."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement outside a transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def new_database(self, name: str, template: str = "template1") -> str:
        """The address of a new database: empty, or a copy of one that nobody uses now."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def copied(self, name: str, origin: "Postgres", original: str) -> str:
        """The address of a new database like one of another server."""
        address = self.new_database(name)
        programs = _postgres_programs()
        asked = [str(programs / "pg_dump"), "--dbname", origin.url(original)]
        with subprocess.Popen(asked, stdout=subprocess.PIPE) as dumping:
            subprocess.run(
                [str(programs / "psql"), "--quiet", "--set", "ON_ERROR_STOP=1", address],
                stdin=dumping.stdout,
                stdout=subprocess.DEVNULL,
                check=True,
            )
        return address

    def away(self) -> None:
        """Go down at once, as a crash would, with all connections."""
        self.process.stop(by=signal.SIGQUIT)

    def back(self) -> None:
        """Come back after `away`, on the same port, with the same data."""
        self.process.start()

    def close(self) -> None:
        """Stop for good and leave nothing behind."""
        self.process.stop(by=signal.SIGINT)
        shutil.rmtree(self.directory)


class Redis:
    """A Redis server of our own that keeps nothing on disk."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self.process = Process(
            [
                *("redis-server", "--port", str(self.port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no", "--dir", str(directory)),
            ],
            log=directory / "redis.log",
            ready=lambda: accepts(self.port),
        )
        self.process.start()

    @property
    def url(self) -> str:
        """The address, as REDIS_URL takes it."""
        return f"redis://127.0.0.1:{self.port}/0"

    def contents(self) -> dict[bytes, bytes]:
        """Every key with its value as Redis would write it to disk."""
        with redis.Redis(port=self.port) as client:
            return {key: client.dump(key) or b"" for key in client.scan_iter()}

    def away(self) -> None:
        """Go down at once, with all connections."""
        self.process.kill()

    def back(self) -> None:
        """Come back after `away`, empty, on the same port."""
        self.process.start()

    def close(self) -> None:
        """Stop for good."""
        self.process.stop()


def _postgres_programs() -> Path:
    """Where initdb and postgres are: Debian keeps them out of PATH, by version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise RuntimeError("PostgreSQL is missing: run tools/debian-packages postgresql")
    return Path(on_path).parent


def _version(initdb: Path) -> int:
    return int(initdb.parent.parent.name)
