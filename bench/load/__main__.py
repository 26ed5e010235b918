"""Carries out a plan: python -m bench.load PLAN.

It prints "begin" and "end" around what is to be measured, and a line of JSON with what it saw; of
an idle load "open N", after which it waits for a line before it goes on.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import uvloop

from bench.load import channels, live
from bench.load.plan import Plan
from bench.load.talk import LoadFailed, Talk, percentile

_PROTOCOLS = {"live": live, "channels": channels}
_AT_ONCE = 50
_LAST_SECONDS = 10


async def run(plan: Plan) -> None:
    """Carry out `plan`, or raise LoadFailed."""
    failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: _fail(failed, context))
    work = asyncio.ensure_future(_idle(plan) if plan.idle else _talk(plan))
    await asyncio.wait({work, failed}, return_when=asyncio.FIRST_COMPLETED)
    if failed.done():
        failed.result()
    await work


def _fail(failed: "asyncio.Future[None]", context: dict[str, Any]) -> None:
    if not failed.done():
        failed.set_exception(context.get("exception") or LoadFailed(context["message"]))


async def _talk(plan: Plan) -> None:
    talk = Talk(goes_on=plan.rate is None)
    await _PROTOCOLS[plan.protocol].open_lines(plan, talk)
    pace = asyncio.ensure_future(_pace(talk, plan.rate) if plan.rate else _start_all(talk))
    await asyncio.sleep(plan.warm_up_seconds)
    talk.delays.clear()
    _say("begin")
    begun = asyncio.get_running_loop().time()
    await asyncio.sleep(plan.seconds)
    seconds = asyncio.get_running_loop().time() - begun
    _say("end")
    delays = list(talk.delays)
    pace.cancel()
    # What does not arrive was lost, and fails the load.
    await asyncio.wait_for(talk.finish(), _LAST_SECONDS)
    _say(json.dumps({
        "messages": len(delays),
        "seconds": seconds,
        "p50_ms": percentile(delays, 0.50) * 1000,
        "p99_ms": percentile(delays, 0.99) * 1000,
    }))  # fmt: skip


async def _start_all(talk: Talk) -> None:
    for index in range(len(talk)):
        talk.send(index)


async def _pace(talk: Talk, rate: float) -> None:
    """Write in one conversation after the other, `rate` messages a second, come what may."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    count = 0
    while True:
        talk.send(count % len(talk))
        count += 1
        await asyncio.sleep(begun + count / rate - loop.time())


async def _idle(plan: Plan) -> None:
    talk = Talk(goes_on=False)
    opened = 0
    for count in plan.idle:
        while opened < count:
            some = plan.pairs[opened : min(opened + _AT_ONCE, count)]
            await _PROTOCOLS[plan.protocol].open_visitors(some, talk)
            opened += len(some)
        _say(f"open {count}")
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    uvloop.run(run(Plan.read(Path(sys.argv[1]))))
