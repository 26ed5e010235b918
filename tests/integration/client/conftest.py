"""People at a real server, on SQLite and on PostgreSQL with two processes."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.integration.client.people import People
from tests.servers.installation import Installation


@pytest.fixture
async def people(installation: Installation) -> AsyncIterator[People]:
    async with AsyncExitStack() as stack:
        yield People(installation, stack)
