"""Fixtures of the tests that speak the protocol by hand."""

import functools
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest

from tests.integration.live.wire import Wire
from tests.servers.installation import Installation

__all__ = [
    "make_wire",
    "own_installations",
    "roomy",
    "roomy_installations",
    "signed_in",
    "wire",
]

MakeWire = Callable[[Installation], Wire]


@pytest.fixture(scope="session")
def signed_in() -> dict[tuple[str, int], tuple[str, str]]:
    """Cookies of members, by installation and number: signing in is slow on purpose."""
    return {}


@pytest.fixture
async def make_wire(
    signed_in: dict[tuple[str, int], tuple[str, str]],
) -> AsyncIterator[MakeWire]:
    """Wires to any installation: `make_wire(new_installation("sqlite", LIVE_STREAMS="2"))`."""
    timeout = aiohttp.ClientTimeout(total=None, connect=10, sock_read=20)
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        aiohttp.ClientSession(
            connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
        ) as session,
        AsyncExitStack() as stack,
    ):
        yield lambda installation: Wire(installation, session, stack, signed_in)


@pytest.fixture(scope="session")
def own_installations(
    new_installation: Callable[..., Installation],
) -> Callable[[str], Installation]:
    return functools.cache(new_installation)


@pytest.fixture(params=["sqlite", "postgres"])
def wire(
    request: pytest.FixtureRequest,
    make_wire: MakeWire,
    own_installations: Callable[[str], Installation],
) -> Wire:
    """A wire to an installation of these tests alone: whom another test left in a conversation
    would have that one in her stream too.
    """
    return make_wire(own_installations(request.param))


@pytest.fixture(scope="session")
def roomy_installations(
    new_installation: Callable[..., Installation],
) -> Callable[[str], Installation]:
    return functools.cache(lambda store: new_installation(store, LIVE_BURST="100000"))


@pytest.fixture(params=["sqlite", "postgres"])
def roomy(
    request: pytest.FixtureRequest,
    make_wire: MakeWire,
    roomy_installations: Callable[[str], Installation],
) -> Wire:
    """A wire to an installation that lets a side send as many messages at once as a test wants."""
    return make_wire(roomy_installations(request.param))
