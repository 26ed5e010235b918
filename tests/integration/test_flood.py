"""A flood of false starts from a handful of addresses, and one visitor who means it."""

import asyncio
import time
from collections.abc import Callable
from itertools import cycle, islice

import pytest

from tests.integration.live.wire import Wire, beginning
from tests.servers.installation import Installation

ADDRESSES = [f"192.0.2.{number}" for number in range(1, 6)]
STARTS = 300


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
async def test_a_real_visitor_gets_through_a_flood_within_five_seconds(
    new_installation: Callable[..., Installation], make_wire: Callable[..., Wire], store: str
) -> None:
    wire = make_wire(new_installation(store, START_BURST="5", START_PER_MINUTE="6"))
    turn = asyncio.Semaphore(20)

    async def falsely(address: str) -> int:
        async with turn:
            headers = {"X-Havenlight-Peer": address}
            return (await wire.post("/chat/start", beginning(), headers=headers)).status

    flood = [asyncio.create_task(falsely(one)) for one in islice(cycle(ADDRESSES), STARTS)]
    await asyncio.wait(flood, return_when=asyncio.FIRST_COMPLETED)
    began = time.monotonic()
    real = await wire.post(
        "/chat/start", beginning(), headers={"X-Havenlight-Peer": "198.51.100.7"}
    )
    waited = time.monotonic() - began
    answers = await asyncio.gather(*flood)

    assert real.status == 200
    assert waited < 5
    assert set(answers) == {200, 429}
    # All that a handful of addresses puts before the counsellors, however fast it asks.
    assert answers.count(200) <= 2 * 5 * len(ADDRESSES)

    # Without scripts her browser shows what it is answered.
    form = {"X-Havenlight-Peer": ADDRESSES[0], "Content-Type": "application/x-www-form-urlencoded"}
    busy = await wire.ask("POST", "/plain/start", body=b"lang=nl", headers=form)
    assert busy.status == 429
    assert "probeer het over een minuut nog eens" in busy.body.decode()
