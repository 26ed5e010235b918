"""What every kind of test shares: the network is shut, servers are ours, browsers come last."""

import contextlib
import functools
import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

from tests.servers.forks import ForkServer
from tests.servers.installation import Installation, Prepared, prepared_once
from tests.servers.nginx import Nginx
from tests.servers.process import free_port
from tests.servers.stores import Postgres

# A test that is slow because the machine is busy is no failure.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

# The order of the directories. Playwright keeps an event loop running in this thread until the
# session ends, so nothing asynchronous could come after it.
PARTS = ("unit", "integration", "browser")


def part_of(path: Path) -> str:
    """The directory of `tests` that a test is in."""
    return path.relative_to(Path(__file__).parent).parts[0]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the parts in order; inside a part the order stays random."""
    items.sort(key=lambda item: PARTS.index(part_of(item.path)))


def pytest_collection_finish() -> None:
    """Keep what was loaded until now out of every later garbage collection, as a server does."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def no_language_of_another() -> None:
    """Begin in the language of the settings: a request in another one leaves it to the thread."""
    translation.deactivate()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how long each part took, and how many tests it has."""
    seconds: Counter[str] = Counter()
    tests: Counter[str] = Counter()
    kinds = ("", "passed", "failed", "error")  # "": set-up and tear-down that went well
    for report in (report for kind in kinds for report in terminalreporter.getreports(kind)):
        if not isinstance(report, pytest.TestReport):
            continue  # of a file that could not be read
        part = Path(report.fspath).parts[1]
        seconds[part] += report.duration
        tests[part] += report.when == "call"
    for part, duration in seconds.items():
        terminalreporter.write_line(f"{duration:7.1f} s  {part}, {tests[part]} tests")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for the whole run; each installation has a database of its own."""
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(scope="session")
def forks() -> Iterator[ForkServer]:
    """Runs the commands of most installations, and loads Havenlight once for all of them."""
    server = ForkServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def prepared(
    request: pytest.FixtureRequest, forks: ForkServer, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Prepared]:
    """The demo organisation that others are like: `prepared("sqlite")`."""

    @functools.cache
    def prepare(store: str) -> Prepared:
        directory = tmp_path_factory.mktemp(f"{store}-prepared")
        if store == "sqlite":
            return prepared_once(Path(os.environ.get("PREPARED_DIR", directory)), forks)
        postgres = request.getfixturevalue("postgres")
        return Installation(directory, postgres, forks=forks).prepared

    return prepare


@pytest.fixture(scope="session")
def new_installation(
    prepared: Callable[[str], Prepared],
    forks: ForkServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., Installation]]:
    """Makes an installation that serves: `new_installation("sqlite", LIVE_BURST="1000")`.

    On "postgres" it has two processes and a Redis of its own. For tests that break what others
    would share; all others use `installation`.
    """
    made: list[Installation] = []

    def new(store: str, *, origins: tuple[str, ...] = (), **extra: str) -> Installation:
        like = prepared(store)
        installation = Installation(
            tmp_path_factory.mktemp(store),
            like.postgres,
            like,
            processes=2 if like.postgres else 1,
            extra=extra,
            origins=origins,
            forks=forks,
        )
        made.append(installation)
        installation.start()
        return installation

    yield new
    with ThreadPoolExecutor() as stopping:
        list(stopping.map(Installation.stop, made))


@pytest.fixture(scope="session")
def _installations(new_installation: Callable[..., Installation]) -> Callable[[str], Installation]:
    return functools.cache(new_installation)


@pytest.fixture(params=["sqlite", "postgres"])
def installation(
    request: pytest.FixtureRequest, _installations: Callable[[str], Installation]
) -> Installation:
    """A demo organisation that all tests share, on SQLite, and on PostgreSQL with two processes."""
    return _installations(request.param)


@dataclass(frozen=True)
class Proxied:
    """An installation behind nginx; people come to `address`, never to the processes."""

    installation: Installation
    nginx: Nginx

    @property
    def address(self) -> str:
        """Where browsers come."""
        return self.nginx.address


@pytest.fixture(scope="session")
def _all_proxied(
    new_installation: Callable[..., Installation], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Proxied]]:
    with contextlib.ExitStack() as closing:

        @functools.cache
        def proxied(store: str) -> Proxied:
            port = free_port()
            installation = new_installation(store, origins=(f"http://127.0.0.1:{port}",))
            directory = tmp_path_factory.mktemp("nginx")
            nginx = Nginx(directory, port, installation.ports, installation.directory)
            closing.callback(nginx.close)
            return Proxied(installation, nginx)

        yield proxied


@pytest.fixture(params=["sqlite", "postgres"])
def proxied(request: pytest.FixtureRequest, _all_proxied: Callable[[str], Proxied]) -> Proxied:
    """A demo organisation behind nginx with the configuration that we ship."""
    return _all_proxied(request.param)
