"""A scripted server, and a visitor who has begun to talk to it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from havenlight.client import Link, Visitor
from tests.unit.client.scripted import ORGANISATION, ScriptedServer


@pytest.fixture
async def server() -> ScriptedServer:
    return ScriptedServer()


@pytest.fixture
async def link(server: ScriptedServer) -> AsyncIterator[Link]:
    async with TestServer(server.application()) as serving:
        async with Link(str(serving.make_url("")), silence_seconds=0.3) as link:
            yield link
        server.stop()


@pytest.fixture
async def visitor(link: Link) -> AsyncIterator[Visitor]:
    visitor = await Visitor.start(link, ORGANISATION)
    yield visitor
    visitor.close()
