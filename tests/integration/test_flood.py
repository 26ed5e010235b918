"""A flood of false starts from a handful of addresses, and visitors who mean it."""

import asyncio
import time
from collections.abc import Callable
from itertools import cycle, islice

import pytest

from havenlight.core import work
from tests.integration.live.wire import Answer, Wire, beginning
from tests.servers.installation import Installation

ADDRESSES = [f"192.0.2.{number}" for number in range(1, 6)]
ELSEWHERE = "198.51.100.7"
A_MINUTE = 2_000
STARTS = 200


async def start(wire: Wire, address: str, number: int = 0, **headers: str) -> Answer:
    """Begin a chat from `address`, at that process."""
    told = {"X-Havenlight-Peer": address, **headers}
    return await wire.post("/chat/start", beginning(), headers=told, at=number)


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
async def test_real_visitors_get_through_a_flood_within_five_seconds(
    new_installation: Callable[..., Installation], make_wire: Callable[..., Wire], store: str
) -> None:
    installation = new_installation(store, START_BURST="5", START_PER_MINUTE="6")
    wire = make_wire(installation)
    processes = len(installation.ports)

    async def falsely(place: int, address: str) -> int:
        await asyncio.sleep(place * 60 / A_MINUTE)
        return (await start(wire, address, place % processes)).status

    places = enumerate(islice(cycle(ADDRESSES), STARTS))
    flood = [asyncio.create_task(falsely(*one)) for one in places]
    await asyncio.wait(flood[: STARTS // 2])
    began = time.monotonic()
    elsewhere = await start(wire, ELSEWHERE)
    # One who shares the address of the flood: a school, a shelter.
    among = await start(wire, ADDRESSES[0])
    done = await asyncio.to_thread(work.do, **among.fields["work"])
    through = await start(wire, ADDRESSES[0], **{"X-Havenlight-Work": done})
    waited = time.monotonic() - began
    answers = await asyncio.gather(*flood)

    assert (elsewhere.status, among.status, through.status) == (200, 429, 200)
    assert waited < 5
    assert set(answers) == {200, 429}
    # All that a handful of addresses puts before the counsellors, however fast it asks.
    assert answers.count(200) <= 2 * 6 * len(ADDRESSES)

    # Without scripts she waits, and is counted apart from who has them.
    form = {"X-Havenlight-Peer": ADDRESSES[0], "Content-Type": "application/x-www-form-urlencoded"}
    plain = [
        await wire.ask("POST", "/plain/start", body=b"lang=nl", headers=form) for _ in range(7)
    ]
    assert (plain[0].status, plain[-1].status) == (303, 429)
    assert "probeer het over een minuut nog eens" in plain[-1].body.decode()

    # Work is good once, at whichever process.
    again = await start(wire, ADDRESSES[0], processes - 1, **{"X-Havenlight-Work": done})
    assert again.status == 429
    if installation.redis:
        kept = repr(installation.redis.contents())
        assert "havenlight:starts:" in kept
        assert not any(address in kept for address in [*ADDRESSES, ELSEWHERE])
