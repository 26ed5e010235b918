"""Has estimates made by a process of their own, and passes on how far it is.

A chat must never wait for a statistic: the child is nice, has an interpreter of its own, gets
neither settings nor secrets, and ends when nobody waits for it any more. Nothing is kept.
"""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Any

MOST_AT_ONCE = 2
_LONGEST_LINE_BYTES = 16 * 1024 * 1024
_PASSED_ON = ("PATH", "PYTHONPATH", "VIRTUAL_ENV")

_places = asyncio.Semaphore(MOST_AT_ONCE)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """An estimate that is asked for: a table as CSV text, and how to estimate from it.

    `strata` names columns, none for one population; with them `methods` holds one name.
    """

    table: str
    strata: tuple[str, ...]
    methods: tuple[str, ...]
    level: float
    resamples: int
    seed: int

    def without_table(self) -> str:
        """What the child may show in the list of processes."""
        return json.dumps(
            {
                "strata": self.strata,
                "methods": self.methods,
                "level": self.level,
                "resamples": self.resamples,
                "seed": self.seed,
            }
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done, in the words of `havenlight.mse`, and the share of it that is done."""

    what: str
    share: float


@dataclass(frozen=True, slots=True)
class TableRefused:
    """The table cannot be read; `row` is None when no single row is at fault."""

    reason: str
    row: int | None


@dataclass(frozen=True, slots=True)
class Done:
    """What was found: the JSON of `havenlight estimate --json`, plots as SVG, the report."""

    analysis: dict[str, Any]
    plots: dict[str, str]
    report: str


@dataclass(frozen=True, slots=True)
class Busy:
    """As many estimates as may be are being made."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The child ended without an answer: it took too long or too much memory."""


Event = Progress | TableRefused | Done | Busy | Failed


async def estimating(asked: Asked) -> AsyncIterator[Event]:
    """Estimate; the last event is no Progress. Closing the iterator ends the work."""
    if _places.locked():
        yield Busy()
        return
    async with _places:
        event: Event | None = None
        child = ("havenlight.figures.worker", asked.without_table())
        lines = told_by(child, asked.table.encode(), _environment())
        async with contextlib.aclosing(lines):
            async for told in lines:
                event = _event(told)
                yield event
        if event is None or isinstance(event, Progress):
            _log.error("an estimate ended without an answer")
            yield Failed()


async def told_by(
    arguments: tuple[str, ...], given: bytes, environment: dict[str, str]
) -> AsyncGenerator[dict[str, Any]]:
    """What a Python module, run in a process of its own with `given` on stdin, tells line by line.

    Closing the iterator ends it with all that it started.
    """
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # A traceback could show the table.
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
        limit=_LONGEST_LINE_BYTES,
        start_new_session=True,
    )
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the child was started without pipes")
    try:
        # One that ended early is told of by what it did not answer.
        with contextlib.suppress(ConnectionError):
            child.stdin.write(given)
            await child.stdin.drain()
        child.stdin.close()
        async for line in child.stdout:
            yield json.loads(line)
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        await child.wait()


def _event(told: dict[str, Any]) -> Event:
    kinds = {"progress": Progress, "refused": TableRefused, "done": Done}
    event: Event = kinds[told.pop("event")](**told)
    return event


def _environment() -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # One processor each: the others are for the chats.
    return {**passed, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
