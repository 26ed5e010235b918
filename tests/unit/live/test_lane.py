"""One thread does what queued up, in groups, and answers everyone whatever happens."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence

import pytest

from havenlight.core.refusals import Refused
from havenlight.live.lane import GROUP_MOST, Lane


class Desk:
    """Work that doubles numbers, refuses negative ones, and can be held up or made to fail."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.fails = False

    def work(self, group: list[int]) -> list[int | Refused]:
        self.go_on.wait(10)
        self.groups.append(group)
        if self.fails:
            raise OSError("no room for her words")
        return [Refused("ended") if number < 0 else 2 * number for number in group]


@pytest.fixture
async def desk() -> Desk:
    return Desk()


@pytest.fixture
async def lane(desk: Desk) -> AsyncIterator[Lane[int, int]]:
    lane: Lane[int, int] = Lane("test", desk.work, waiting_most=2_000)
    lane.start()
    yield lane
    desk.go_on.set()
    await lane.stop()


async def test_each_job_gets_its_own_answer_in_the_order_it_came(lane: Lane[int, int]) -> None:
    answers: list[int | Refused] = []
    for number in range(100):
        lane.submit(number, answers.append)
    await lane.ask(0)
    assert answers == [2 * number for number in range(100)]


async def test_one_refused_job_does_not_touch_its_group(lane: Lane[int, int]) -> None:
    one, refused, two = await asyncio.gather(
        lane.ask(1), lane.ask(-1), lane.ask(2), return_exceptions=True
    )
    assert (one, two) == (2, 4)
    assert isinstance(refused, Refused)
    assert refused.code == "ended"


async def test_what_queues_up_during_one_group_is_the_next(
    desk: Desk, lane: Lane[int, int]
) -> None:
    desk.go_on.clear()
    first = asyncio.create_task(lane.ask(1))
    await asyncio.sleep(0.05)
    rest = [asyncio.create_task(lane.ask(number)) for number in range(2, 50)]
    await asyncio.sleep(0.05)
    desk.go_on.set()
    await asyncio.gather(first, *rest)
    assert desk.groups == [[1], list(range(2, 50))]


async def test_a_lane_that_gathers_takes_what_comes_turn_by_turn_in_one_group(desk: Desk) -> None:
    lane: Lane[int, int] = Lane("test", desk.work, waiting_most=10, gather_seconds=60)
    lane.start()
    answers: list[int | Refused] = []
    for number in range(3):
        lane.submit(number, answers.append)
        await asyncio.sleep(0)
    await lane.stop()
    await asyncio.sleep(0)
    assert desk.groups == [[0, 1, 2]]
    assert answers == [0, 2, 4]


async def test_a_group_has_a_bound_and_the_rest_goes_in_the_next(
    desk: Desk, lane: Lane[int, int]
) -> None:
    desk.go_on.clear()
    asked = [asyncio.create_task(lane.ask(1))]
    for _ in range(6):
        await asyncio.sleep(0.01)
        asked += [asyncio.create_task(lane.ask(number)) for number in range(GROUP_MOST // 2)]
    await asyncio.sleep(0.01)
    desk.go_on.set()
    await asyncio.gather(*asked)
    assert len(desk.groups) > 2
    assert max(map(len, desk.groups)) < 2 * GROUP_MOST


async def test_work_that_fails_is_answered_as_storage_and_the_lane_goes_on(
    desk: Desk, lane: Lane[int, int], caplog: pytest.LogCaptureFixture
) -> None:
    desk.fails = True
    failed = await asyncio.gather(lane.ask(1), lane.ask(2), return_exceptions=True)
    codes = [(one.code, one.retry_after) for one in failed if isinstance(one, Refused)]
    assert codes == [("storage", 2), ("storage", 2)]
    assert [record.getMessage() for record in caplog.records] == ["test could not do a group of 2"]
    desk.fails = False
    assert await lane.ask(3) == 6


async def test_more_than_may_wait_is_refused_as_busy_with_nothing_done(
    desk: Desk, lane: Lane[int, int]
) -> None:
    desk.go_on.clear()
    answers: list[int | Refused] = []
    for number in range(2_000):
        lane.submit(number, answers.append)
    with pytest.raises(Refused) as refused:
        lane.submit(2_000, answers.append)
    assert (refused.value.code, refused.value.retry_after) == ("busy", 1)
    desk.go_on.set()
    assert await _until(answers, 2_000) == 2_000
    assert sum(map(len, desk.groups)) == 2_000
    assert await lane.ask(1) == 2


async def _until(answers: Sequence[object], count: int) -> int:
    async with asyncio.timeout(10):
        while len(answers) < count:  # noqa: ASYNC110 -- what is waited for is in a thread
            await asyncio.sleep(0.01)
    return len(answers)


async def test_a_caller_who_went_away_does_not_keep_others_from_their_answers(
    desk: Desk, lane: Lane[int, int]
) -> None:
    desk.go_on.clear()
    gone, waits = asyncio.create_task(lane.ask(1)), asyncio.create_task(lane.ask(2))
    await asyncio.sleep(0.01)
    gone.cancel()
    desk.go_on.set()
    assert await waits == 4
    assert [job for group in desk.groups for job in group] == [1, 2]


async def test_stopping_finishes_what_was_taken_in_and_refuses_the_rest(desk: Desk) -> None:
    lane: Lane[int, int] = Lane("test", desk.work, waiting_most=100)
    lane.start()
    answers: list[int | Refused] = []
    desk.go_on.clear()
    for number in range(50):
        lane.submit(number, answers.append)
    stopping = asyncio.create_task(lane.stop())
    await asyncio.sleep(0.01)
    with pytest.raises(Refused) as refused:
        lane.submit(50, answers.append)
    desk.go_on.set()
    await stopping
    assert (refused.value.code, refused.value.retry_after) == ("stopping", 2)
    assert await _until(answers, 50) == 50


async def test_those_who_watch_are_told_of_each_group_after_its_callers(desk: Desk) -> None:
    told: list[tuple[list[int], int]] = []
    answers: list[int | Refused] = []
    lane: Lane[int, int] = Lane(
        "test",
        desk.work,
        waiting_most=100,
        answered=lambda jobs, _: told.append((jobs, len(answers))),
    )
    lane.start()
    for number in range(3):
        lane.submit(number, answers.append)
    await lane.ask(9)
    await lane.stop()
    assert told == [([0, 1, 2, 9], 3)]
