"""Readers that do not read, and streams without number: bounded, and nobody else notices."""

import asyncio
import socket
from collections.abc import Callable

import psutil
import pytest

from tests.integration.live.fixtures import MakeWire
from tests.integration.live.wire import Events, Raw, Side, Wire, envelope, message
from tests.servers.installation import Installation

STORES = ("sqlite", "postgres")
LARGEST = 47
"""Steps of 256 bytes in the largest envelope."""


async def deaf_reader(wire: Wire, side: Side, *also: str) -> socket.socket:
    """A stream whose reader takes nothing, with as little room in between as the kernel allows."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    reader.setblocking(False)
    loop = asyncio.get_running_loop()
    port = int(wire.address(side.at).rpartition(":")[2])
    await loop.sock_connect(reader, ("127.0.0.1", port))
    lines = ["GET /live/events HTTP/1.1", "Host: x", f"Authorization: Bearer {side.token}", *also]
    await loop.sock_sendall(reader, "\r\n".join([*lines, "", ""]).encode())
    return reader


async def read_all(stream: Events, count: int) -> list[int]:
    return [frame["seq"] for frame in await stream.messages(count)]


def memory_mb(wire: Wire) -> float:
    return psutil.Process(wire.installation.servers[0].pid).memory_info().rss / 2**20


async def _ignore(wire: Wire, *also: str) -> None:
    """Talk beside a reader who takes nothing of it."""
    count = 700  # times 16.5 KB: more than the kernel holds, and far more than a stream may
    visitor, anna = await wire.talking()
    anna.at = visitor.at
    reader = await deaf_reader(wire, visitor, *also)
    stream = await visitor.open()
    await stream.until("s")
    before = memory_mb(wire)
    reading = asyncio.create_task(read_all(stream, count))
    slowest, loop = 0.0, asyncio.get_running_loop()
    for _ in range(count):
        began = loop.time()
        await anna.kept(env=envelope(LARGEST))
        slowest = max(slowest, loop.time() - began)
    assert await reading == list(range(1, count + 1))
    assert slowest < 5
    assert memory_mb(wire) - before < 8
    assert await _is_let_go(reader) < count * 16_000 / 2
    reader.close()


async def test_a_reader_who_never_reads_delays_nobody_and_is_let_go(roomy: Wire) -> None:
    await _ignore(roomy)


async def test_nor_does_one_who_asks_for_more_on_the_stream_s_connection(
    roomy_installations: Callable[[str], Installation], make_wire: MakeWire
) -> None:
    await _ignore(make_wire(roomy_installations("sqlite")), "", "GET / HTTP/1.1", "Host: x")


async def _is_let_go(reader: socket.socket) -> int:
    """How many bytes the kernel had for a reader, once its connection is over."""
    loop, found = asyncio.get_running_loop(), 0
    async with asyncio.timeout(20):
        try:
            while piece := await loop.sock_recv(reader, 2**20):
                found += len(piece)
        except ConnectionResetError:
            pass
    return found


async def _open_many(wire: Wire, count: int) -> None:
    visitor, other = await wire.visitor(), await wire.visitor()
    watching = await other.open()
    await watching.until("s")
    before = memory_mb(wire)
    raws: list[Raw] = []
    for number in range(1, count + 1):
        raw = await wire.connect()
        raw.send("GET /live/events", token=visitor.token)
        await raw.head()
        raws.append(raw)
        if number % 100 == 0:
            await other.kept()
    assert [frame["seq"] for frame in await watching.messages(count // 100)] == list(
        range(1, count // 100 + 1)
    )
    assert memory_mb(wire) - before < 25
    assert _connections(wire) < 50
    last = await raws[0].reader.read()
    assert last.endswith(b'event: e\ndata: {"code":"replaced"}\n\n')
    # The newest four are there, and only those.
    await visitor.post("m", message())
    for raw in raws[-4:]:
        await raw.reader.readuntil(b"event: m\n")
    assert all([await raw.is_closed() for raw in raws[1:-4]])


def _connections(wire: Wire) -> int:
    """How many connections the process holds now."""
    process = psutil.Process(wire.installation.servers[0].pid)
    return len([one for one in process.net_connections("tcp") if one.status == "ESTABLISHED"])


@pytest.mark.parametrize("store", STORES)
async def test_streams_without_number_from_one_side_are_bounded_and_others_are_served(
    roomy_installations: Callable[[str], Installation], make_wire: MakeWire, store: str
) -> None:
    await _open_many(make_wire(roomy_installations(store)), 800)


@pytest.mark.long
@pytest.mark.parametrize("store", STORES)
async def test_ten_thousand_streams_from_one_side_are_bounded_and_others_are_served(
    roomy_installations: Callable[[str], Installation], make_wire: MakeWire, store: str
) -> None:
    await _open_many(make_wire(roomy_installations(store)), 10_000)
