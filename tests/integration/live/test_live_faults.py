"""Databases and brokers that go away, disks that are full, processes that are killed."""

import asyncio
import re
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, closing

import pytest

from havenlight.live.jobs import Append, Kept
from tests.integration.client.people import People
from tests.integration.live.fixtures import MakeWire
from tests.integration.live.log import new_writer, said
from tests.integration.live.talkers import talking
from tests.integration.live.wire import Side, message
from tests.servers.installation import Installation, Prepared
from tests.servers.process import Process
from tests.servers.stores import Postgres

STORES = ("sqlite", "postgres")
UNREADABLE = "the queue could not be read"


@pytest.fixture(scope="module")
def own_postgres(
    prepared: Callable[[str], Prepared], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """An installation whose PostgreSQL nobody else uses, so that it may go away and come back."""
    postgres = Postgres()
    installation = Installation(
        tmp_path_factory.mktemp("own-postgres"),
        postgres,
        prepared("postgres"),
        processes=2,
        extra={"LIVE_BURST": "100000"},
    )
    installation.start()
    yield installation
    installation.stop()
    postgres.close()


async def come_back(process: Process) -> None:
    """Start it again, while others go on.

    From this thread: a process of ours ends with the thread that started it.
    """
    process.launch()
    await asyncio.to_thread(process.wait)


def check_log_tells_nothing(installation: Installation, *texts: str) -> None:
    """Faults may be logged, but by their type and place alone."""
    output = installation.output()
    for text in (*texts, "visitor 0", "member 0", "Traceback"):
        assert text not in output


@pytest.mark.parametrize("store", STORES)
async def test_a_process_killed_under_load_has_kept_what_it_acknowledged(
    roomy_installations: Callable[[str], Installation], own_postgres: Installation, store: str
) -> None:
    # The second is no fork: it comes back as in service, by a start of its own.
    installation = roomy_installations(store) if store == "sqlite" else own_postgres
    async with AsyncExitStack() as stack:
        people = People(installation, stack)
        async with talking(people, 6):
            installation.kill()
            await come_back(installation.servers[0])
    check_log_tells_nothing(installation)


@pytest.mark.parametrize("store", STORES)
async def test_a_process_that_stops_sends_its_readers_elsewhere_and_finishes_its_work(
    roomy_installations: Callable[[str], Installation], make_wire: MakeWire, store: str
) -> None:
    installation = roomy_installations(store)
    wire = make_wire(installation)
    visitor = await wire.visitor()
    stream = await visitor.open()
    await stream.until("s")
    posting = [asyncio.create_task(visitor.post("m", message(n=n))) for n in range(1, 30)]
    await asyncio.sleep(0)
    await asyncio.to_thread(installation.servers[0].stop)
    await come_back(installation.servers[0])
    kept = [one.result() for one in posting if not one.exception()]
    assert [frame.data for frame in await stream.rest() if frame.name == "e"] == [
        {"code": "stopping"}
    ]
    places = {answer.fields["id"]: answer.fields["seq"] for answer in kept if answer.status == 200}
    assert {answer.status for answer in kept} <= {200, 409, 503}
    again = await visitor.open("?poll=1")
    found = {one.data["id"]: one.data["seq"] for one in await again.rest() if one.name == "m"}
    assert places.items() <= found.items()
    assert sorted(found.values()) == list(range(1, len(found) + 1))


async def _outage(installation: Installation, make_wire: MakeWire, seconds: float) -> None:
    assert installation.postgres
    refused = await make_wire(installation).visitor()
    stream = await refused.open()
    await stream.until("s")
    async with AsyncExitStack() as stack, talking(People(installation, stack), 4):
        await asyncio.to_thread(installation.postgres.away)
        await _ask_while_away(refused, seconds)
        await come_back(installation.postgres.process)
        assert await _until_kept(refused) == 1
    check_log_tells_nothing(installation)


async def _ask_while_away(visitor: Side, seconds: float) -> None:
    """For as long as the database is away, every answer is a clear refusal."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    while True:
        answer = await visitor.post("m", message())
        assert answer.refusal == (503, "storage")
        assert answer.fields["retry_after"] >= 1
        if loop.time() > ends:
            return
        await asyncio.sleep(0.2)


async def _until_kept(visitor: Side) -> int:
    """The `seq` of a message that is sent until it is kept, as a client does after 503."""
    entry = message()
    async with asyncio.timeout(30):
        while True:
            answer = await visitor.post("m", entry)
            if answer.status == 200:
                seq: int = answer.fields["seq"]
                return seq
            assert answer.refusal == (503, "storage")
            await asyncio.sleep(0.2)


async def test_a_database_that_is_away_under_load_makes_people_wait_and_loses_nothing(
    own_postgres: Installation, make_wire: MakeWire
) -> None:
    await _outage(own_postgres, make_wire, seconds=4)


@pytest.mark.long
async def test_a_database_that_is_away_for_twenty_seconds_loses_nothing(
    own_postgres: Installation, make_wire: MakeWire
) -> None:
    await _outage(own_postgres, make_wire, seconds=20)


async def test_what_is_asked_outside_the_hot_path_while_the_database_is_away_is_refused_clearly(
    own_postgres: Installation, make_wire: MakeWire
) -> None:
    assert own_postgres.postgres
    wire = make_wire(own_postgres)
    visitor, desk = await wire.visitor(), await wire.member()
    await asyncio.to_thread(own_postgres.postgres.away)
    try:
        answers = await asyncio.gather(
            wire.post("/chat/taps", {"under_18": True}, token=visitor.token),
            visitor.post("leave", {"how": "leave"}),
            desk.accept(visitor.conv),
            wire.ask("GET", "/live/events?poll=1", token=visitor.token),
            wire.ask("GET", "/"),
        )
    finally:
        await come_back(own_postgres.postgres.process)
    *posts, stream, page = answers
    assert [answer.refusal for answer in posts] == [(503, "storage")] * 3
    assert b'{"code":"stopping"}' in stream.body
    assert page.status in {500, 503}
    for trace in (b"psycopg", b"OperationalError", b"Traceback", b'File "'):
        assert trace not in page.body
    assert await _until_kept(visitor) == 1


async def test_redis_away_and_back_is_healed_by_the_sweep_and_nothing_is_lost(
    own_installations: Callable[[str], Installation], make_wire: MakeWire
) -> None:
    installation = own_installations("postgres")
    assert installation.redis
    wire = make_wire(installation)
    visitor, anna = await wire.talking()
    stream, hers = await visitor.open(), await anna.open()
    for one in (stream, hers):
        await one.until("s")
    await asyncio.to_thread(installation.redis.away)
    try:
        for _ in range(3):
            await visitor.kept()
            await anna.kept()
        for one in (stream, hers):
            assert [frame["seq"] for frame in await one.messages(6)] == [1, 2, 3, 4, 5, 6]
    finally:
        await come_back(installation.redis.process)
    # Typing is told by the broker alone: whoever sees it knows that it is back.
    async with asyncio.timeout(20):
        while not [frame for frame in await hers.for_seconds(0.5) if frame.name == "t"]:
            await visitor.post("t")
    await anna.kept()
    assert (await stream.until("m"))["seq"] == 7
    assert "redis is away" in installation.output()


def keep_in_silence(installation: Installation, *messages: Append) -> None:
    """Keep them as another process does whose hints never arrive."""
    with closing(new_writer(installation)) as writer:
        assert all(isinstance(one, Kept) for one in writer.write(list(messages)))


@pytest.mark.parametrize("store", STORES)
async def test_a_message_whose_hint_was_lost_comes_with_the_next_one_in_order(
    roomy_installations: Callable[[str], Installation], make_wire: MakeWire, store: str
) -> None:
    installation = roomy_installations(store)
    visitor = await make_wire(installation).visitor()
    stream = await visitor.open()
    await stream.until("s")
    keep_in_silence(installation, said(visitor.conv, 1), said(visitor.conv, 2))
    assert (await visitor.post("m", message(n=3))).fields["seq"] == 3
    assert [frame["n"] for frame in await stream.messages(3)] == [1, 2, 3]


async def test_a_message_whose_hint_was_lost_is_found_by_the_sweep(
    roomy_installations: Callable[[str], Installation], make_wire: MakeWire
) -> None:
    installation = roomy_installations("sqlite")
    visitor = await make_wire(installation).visitor()
    stream = await visitor.open()
    await stream.until("s")
    keep_in_silence(installation, said(visitor.conv, 1))
    assert (await stream.until("m"))["seq"] == 1


async def test_a_full_disk_refuses_what_it_cannot_keep_and_goes_on_when_there_is_room(
    roomy_installations: Callable[[str], Installation], make_wire: MakeWire
) -> None:
    installation = roomy_installations("sqlite")
    visitor = await make_wire(installation).visitor()
    stream = await visitor.open()
    await visitor.kept()
    process = installation.servers[0].pid
    # No file of that process may grow beyond: what SQLite is told is what a full disk tells.
    _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (512 * 1024, hard))
    try:
        refused = await _until_refused(visitor)
        for _ in range(3):
            answer = await visitor.post("m", refused)
            assert (answer.refusal, answer.fields["retry_after"]) == ((503, "storage"), 2)
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (hard, hard))
    kept = await visitor.post("m", refused)
    assert kept.fields["seq"] == refused["n"]
    # What was told while it was kept, and what is in the database now.
    for told in (stream, await visitor.open()):
        frames = await told.messages(refused["n"])
        assert [frame["seq"] for frame in frames] == list(range(1, refused["n"] + 1))
        assert frames[-1]["id"] == refused["id"]
    # Where it happened is in the log, and nothing of what could not be kept.
    assert "sqlite3.OperationalError" in installation.output()
    check_log_tells_nothing(installation, refused["env"], refused["id"], visitor.conv)


async def test_a_queue_that_could_not_be_read_is_tried_again_without_waiting_for_a_change(
    roomy_installations: Callable[[str], Installation], make_wire: MakeWire
) -> None:
    installation = roomy_installations("sqlite")
    wire = make_wire(installation)
    visitor, anna = await wire.visitor(), await wire.member()
    # At the head of a queue of which others may have left more than is shown.
    await wire.post("/chat/taps", {"in_danger": True, "under_18": True}, token=visitor.token)
    token, told = await anna.token(), installation.output().count(UNREADABLE)
    with closing(sqlite3.connect(installation.database, timeout=20)) as database:
        database.execute("ALTER TABLE chat_thread RENAME COLUMN agreed_at TO away")
        try:
            hers = await wire.stream(token=token)
            async with asyncio.timeout(30):
                while installation.output().count(UNREADABLE) < told + 2:  # noqa: ASYNC110 -- what is waited for is in another process
                    await asyncio.sleep(0.05)
        finally:
            database.execute("ALTER TABLE chat_thread RENAME COLUMN away TO agreed_at")
    assert visitor.conv in {row["conv"] for row in (await hers.until("w"))["waiting"]}


async def _until_refused(visitor: Side) -> dict[str, object]:
    """Post until the disk is full; the message that was refused."""
    for _ in range(2_000):
        visitor.n += 1
        entry = message(n=visitor.n)
        answer = await visitor.post("m", entry)
        if answer.status != 200:
            assert answer.refusal == (503, "storage")
            return entry
    raise AssertionError("the disk never was full")


async def test_the_log_of_a_fault_holds_no_identifier_and_no_bytes_of_a_message(
    roomy_installations: Callable[[str], Installation],
) -> None:
    output = roomy_installations("sqlite").output() + roomy_installations("postgres").output()
    assert not re.search(r"\b[0-9a-f]{32}\b", output)
    assert "Bearer" not in output
