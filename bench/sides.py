"""The two sides of a comparison, served in the same way: Havenlight and its peer."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bench.load.plan import Pair
from tests.servers.installation import Installation
from tests.servers.process import Process, accepts, free_port
from tests.servers.stores import Postgres, Redis

_ROOT = Path(__file__).parent.parent
# A load is no visitor: what a side may write is not what is measured.
_NO_LIMITS = {"LIVE_BURST": "1000000", "LIVE_RATE": "1000000"}
# Not what tests are served by, in which passwords are cheap.
_AS_SERVED = {"DJANGO_SETTINGS_MODULE": "havenlight.site.settings"}
_TIME_OUT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Side:
    """Servers that stand ready for a load.

    Args:
        pids: of all processes that belong to it, database and broker among them.
    """

    protocol: str
    address: str
    directory: Path
    pids: list[int]
    pairs: list[Pair]
    streams: list[tuple[int, str]]


@contextmanager
def havenlight(
    store: str, conversations: int, a_member: int, limits: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Side]:
    """Havenlight on "sqlite" by one process, or on "postgres" with Redis by two; `limits` stand."""
    with _databases(store) as (directory, postgres):
        processes = 2 if postgres else 1
        extra = {**_NO_LIMITS, **_AS_SERVED, **limits}
        installation = Installation(directory, postgres, processes=processes, extra=extra)
        show = f"seed.show({conversations}, {a_member}, {installation.ports})"
        shell = ("shell", "-v", "0", "-c", f"from bench.load import seed; {show}")
        made = _django(installation.environment, *shell)
        installation.start()
        try:
            plan = json.loads(made)
            pids = [server.pid for server in installation.servers]
            if postgres and installation.redis:
                pids += [postgres.process.pid, installation.redis.process.pid]
            pairs = [Pair(**pair) for pair in plan["pairs"]]
            yield Side("live", installation.address, directory, pids, pairs, plan["streams"])
        finally:
            installation.stop()


@contextmanager
def channels(store: str, conversations: int, _a_member: int) -> Iterator[Side]:
    """The peer, with the same databases and as many processes."""
    with _databases(store) as (directory, postgres):
        redis = Redis(directory) if postgres else None
        ports = [free_port() for _ in range(2 if postgres else 1)]
        environment = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "DATABASE_URL": postgres.url() if postgres else f"sqlite:///{directory}/peer.sqlite3",
            "REDIS_URL": redis.url if redis else "",
            "DJANGO_SETTINGS_MODULE": "bench.channels_peer.settings",
        }
        _django(environment, "migrate", "--run-syncdb", "-v", "0")
        servers = [_channels_server(directory, environment, port) for port in ports]
        try:
            for server in servers:
                server.start()
            pids = [server.pid for server in servers]
            if postgres and redis:
                pids += [postgres.process.pid, redis.process.pid]
            rooms = [secrets.token_hex(16) for _ in range(conversations)]
            pairs = [Pair(room, ports[0], ports[-1]) for room in rooms]
            yield Side("channels", f"http://127.0.0.1:{ports[0]}", directory, pids, pairs, [])
        finally:
            for server in servers:
                server.stop()
            if redis:
                redis.close()


def _channels_server(directory: Path, environment: dict[str, str], port: int) -> Process:
    options = "--loop uvloop --http httptools --ws websockets-sansio --lifespan off"
    return Process(
        [
            *(sys.executable, "-m", "uvicorn", "bench.channels_peer.asgi:application"),
            *("--port", str(port), "--no-access-log", "--log-level", "warning"),
            *options.split(),
        ],
        log=directory / f"peer-{port}.log",
        ready=lambda: accepts(port),
        environment=environment | {"PYTHONPATH": str(_ROOT)},
    )


@contextmanager
def _databases(store: str) -> Iterator[tuple[Path, Postgres | None]]:
    with tempfile.TemporaryDirectory(prefix="havenlight-bench-") as name:
        directory = Path(name)
        if store == "sqlite":
            yield directory, None
            return
        with closing(Postgres()) as postgres:
            yield directory, postgres


def _django(environment: dict[str, str], *command: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "django", *command],
        env=os.environ | environment,
        cwd=_ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=_TIME_OUT_SECONDS,
    ).stdout
