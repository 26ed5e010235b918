"""Every broker keeps one promise: it may lose a hint, but never invents or doubles one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from havenlight.core.hints import Hint
from havenlight.live.brokers import Broker
from havenlight.live.brokers.alone import Alone
from havenlight.live.brokers.redis import UNSENT_MOST, RedisBroker
from tests.servers.stores import Redis

HINTS: list[Hint] = [
    ["w"],
    ["s", "0" * 32, "active", None, "Anna"],
    ["a", "0" * 32, "v", False],
    ["m", [["0" * 32, 1, 'id: 1\nevent: m\ndata: {"é":"\\u0000"}\n\n']]],
]


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    server = Redis(tmp_path_factory.mktemp("redis"))
    yield server
    server.close()


class Node:
    """One process's end of the broker, and what it heard."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.heard: list[Hint] = []
        self.gaps = 0

    def start(self) -> None:
        self.broker.start(self.heard.append, self._gap)

    def _gap(self) -> None:
        self.gaps += 1

    async def until(self, done: Callable[[], object]) -> None:
        async with asyncio.timeout(15):
            while not done():  # noqa: ASYNC110 -- what is waited for is in another process
                await asyncio.sleep(0.01)


@pytest.fixture(params=["alone", "redis"])
async def node(request: pytest.FixtureRequest) -> AsyncIterator[Node]:
    """One process, with either broker."""
    if request.param == "alone":
        node = Node(Alone())
    else:
        node = Node(RedisBroker(request.getfixturevalue("redis").url))
    node.start()
    yield node
    await node.broker.stop()


@pytest.fixture
async def nodes(redis: Redis) -> AsyncIterator[list[Node]]:
    """Three processes that hear each other."""
    nodes = [Node(RedisBroker(redis.url)) for _ in range(3)]
    for one in nodes:
        one.start()
    for one in nodes:
        await one.until(lambda one=one: one.gaps)
    yield nodes
    for one in nodes:
        await one.broker.stop()


async def test_what_a_process_publishes_it_does_not_hear_itself(node: Node) -> None:
    for hint in HINTS:
        node.broker.publish(hint)
    await asyncio.sleep(0.2)
    assert node.heard == []


async def test_publishing_neither_waits_nor_fails(node: Node) -> None:
    for number in range(2 * UNSENT_MOST):
        node.broker.publish(["a", number])
    await asyncio.sleep(0)


async def test_all_others_hear_each_hint_once_in_order_and_unaltered(nodes: list[Node]) -> None:
    for hint in HINTS * 50:
        nodes[0].broker.publish(hint)
    for other in nodes[1:]:
        await other.until(lambda other=other: len(other.heard) >= len(HINTS) * 50)
        assert other.heard == HINTS * 50
    assert nodes[0].heard == []


async def test_hints_of_two_processes_keep_the_order_of_each(nodes: list[Node]) -> None:
    for number in range(200):
        nodes[number % 2].broker.publish(["t", number % 2, number])
        if number % 10 == 0:
            await asyncio.sleep(0)
    await nodes[2].until(lambda: len(nodes[2].heard) >= 200)
    for sender in (0, 1):
        of_one = [hint[2] for hint in nodes[2].heard if hint[1] == sender]
        assert of_one == list(range(sender, 200, 2))


async def test_a_broker_that_was_away_says_that_hints_may_be_lost_and_loses_no_more(
    redis: Redis, nodes: list[Node]
) -> None:
    before = [one.gaps for one in nodes]
    for one in nodes:
        one.broker.publish(["before"])
    for one in nodes:
        await one.until(lambda one=one: len(one.heard) == len(nodes) - 1)
    redis.away()
    for number in range(2 * UNSENT_MOST):
        nodes[0].broker.publish(["a", number])
    await asyncio.sleep(0.1)
    redis.back()
    for one, gaps in zip(nodes, before, strict=True):
        await one.until(lambda one=one, gaps=gaps: one.gaps > gaps)
    # From then on nothing is lost: no connection is used that died meanwhile.
    for number, one in enumerate(nodes):
        one.broker.publish(["back", number])
    for number, one in enumerate(nodes):
        others = [["back", other] for other in range(len(nodes)) if other != number]
        await one.until(lambda one=one, others=others: all(hint in one.heard for hint in others))


async def test_a_broker_stops_at_whatever_moment_it_is_told_to(redis: Redis) -> None:
    for turns in range(30):
        node = Node(RedisBroker(redis.url))
        node.start()
        node.broker.publish(["w"])
        for _ in range(turns):
            await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await node.broker.stop()


async def test_a_broker_that_is_away_from_the_start_keeps_nobody_from_stopping(
    tmp_path: Path,
) -> None:
    node = Node(RedisBroker("redis://127.0.0.1:1/0"))
    node.start()
    node.broker.publish(["w"])
    await asyncio.sleep(0.1)
    await node.broker.stop()
    assert (node.heard, node.gaps) == ([], 0)


async def test_redis_keeps_no_hint(redis: Redis, nodes: list[Node]) -> None:
    for hint in HINTS:
        nodes[0].broker.publish(hint)
    await nodes[1].until(lambda: nodes[1].heard)
    assert redis.contents() == {}
