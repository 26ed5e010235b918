"""One thread that does everything that queued up, in one go.

While the disk syncs one group, the next gathers: writing needs no waiting window for a group to
form. Reading has no sync that others gather behind, so it may be given one.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Generic, TypeVar

from havenlight.core.refusals import Refused

Job = TypeVar("Job")
Answer = TypeVar("Answer")
_Group = list[tuple[Job, Callable[[Answer | Refused], None]]]
Work = Callable[[list[Job]], Sequence[Answer | Refused]]

log = logging.getLogger(__name__)

# A group that has so many takes no more; what came in one turn of the loop stays together.
GROUP_MOST = 512


class Lane(Generic[Job, Answer]):
    """Runs jobs in groups on a thread of its own; its jobs are answered in the order they came.

    Args:
        work: takes a group and answers each of its jobs; runs on the lane's thread.
        waiting_most: jobs that may wait; one more is refused as busy, with nothing done.
        gather_seconds: how long the first job of a group waits for others to come.
        answered: told on the loop's thread of each group, right after its callers are.
    """

    def __init__(
        self,
        name: str,
        work: Work[Job, Answer],
        *,
        waiting_most: int,
        gather_seconds: float = 0,
        answered: Callable[[list[Job], Sequence[Answer | Refused]], None] | None = None,
    ) -> None:
        self._work = work
        self._waiting_most = waiting_most
        self._gather_seconds = gather_seconds
        self._answered = answered
        self._queue: SimpleQueue[_Group[Job, Answer] | None] = SimpleQueue()
        self._gathered: _Group[Job, Answer] = []
        self._waiting = 0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; to be called on the loop whose futures the lane settles."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """Refuse what comes from now on, and return when all that came before is done."""
        self._stopping = True
        self._hand_over()
        self._queue.put(None)
        await self._loop.run_in_executor(None, self._thread.join)

    def submit(self, job: Job, done: Callable[[Answer | Refused], None]) -> None:
        """Do `job`, and call `done` with its answer; raises Refused when full or stopping."""
        if self._stopping:
            raise Refused("stopping", 2)
        if self._waiting >= self._waiting_most:
            raise Refused("busy", 1)
        self._waiting += 1
        if not self._gathered:
            # Handed over once a turn of the loop: waking the thread for each job, and sharing the
            # interpreter with it while more are read, costs more than the job.
            if self._gather_seconds:
                self._loop.call_later(self._gather_seconds, self._hand_over)
            else:
                self._loop.call_soon(self._hand_over)
        self._gathered.append((job, done))

    async def ask(self, job: Job) -> Answer:
        """The answer to `job`, or raise Refused."""
        future: asyncio.Future[Answer] = self._loop.create_future()

        def done(answer: Answer | Refused) -> None:
            if future.done():  # the caller went away meanwhile; what was done stays done
                return
            if isinstance(answer, Refused):
                future.set_exception(answer)
            else:
                future.set_result(answer)

        self.submit(job, done)
        return await future

    async def ask_all(self, jobs: Sequence[Job]) -> list[Answer | Refused]:
        """The answers to `jobs`, in their order; raises Refused when not all of them may wait."""
        if not jobs:
            return []
        answers: list[Answer | Refused] = []
        told: asyncio.Future[None] = self._loop.create_future()

        def done(answer: Answer | Refused) -> None:
            answers.append(answer)
            if len(answers) == len(jobs) and not told.done():
                told.set_result(None)

        for job in jobs:
            self.submit(job, done)
        await told
        return answers

    def _hand_over(self) -> None:
        gathered, self._gathered = self._gathered, []
        if gathered:
            self._queue.put(gathered)

    def _run(self) -> None:
        while (group := self._take()) is not None:
            jobs = [job for job, _ in group]
            try:
                answers = self._work(jobs)
            except Exception:  # whatever it was, the callers must be answered and the lane go on
                log.exception("%s could not do a group of %d", self._thread.name, len(jobs))
                answers = [Refused("storage", 2)] * len(jobs)
            self._loop.call_soon_threadsafe(self._settle, group, jobs, answers)

    def _take(self) -> _Group[Job, Answer] | None:
        """What waits, at least one; None when the lane is told to stop and nothing is left."""
        group = self._queue.get()
        if group is None:
            return None
        # Nobody else takes from it: what it holds now is still there in the next line.
        while len(group) < GROUP_MOST and not self._queue.empty():
            following = self._queue.get()
            if following is None:
                self._queue.put(None)
                break
            group += following
        return group

    def _settle(
        self, group: _Group[Job, Answer], jobs: list[Job], answers: Sequence[Answer | Refused]
    ) -> None:
        self._waiting -= len(group)
        for (_, done), answer in zip(group, answers, strict=True):
            done(answer)
        if self._answered is not None:
            self._answered(jobs, answers)
