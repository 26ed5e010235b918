"""Runs a load beside a side, and takes the servers' CPU time and memory at the right moments."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bench.load.plan import Plan
from bench.processes import cpu_seconds, resident_kib
from bench.sides import Side


def talk(side: Side, plan: Plan) -> dict[str, float]:
    """What the messages of a load cost and how long they took."""
    with _load(side, plan) as (lines, _):
        _expect(lines, "begin")
        before = cpu_seconds(side.pids)
        _expect(lines, "end")
        used = cpu_seconds(side.pids) - before
        seen = json.loads(next(lines))
    return {
        "cpu_ms": used * 1000 / seen["messages"],
        "rate": seen["messages"] / seen["seconds"],
        "p50_ms": seen["p50_ms"],
        "p99_ms": seen["p99_ms"],
    }


def connect(side: Side, plan: Plan) -> dict[str, float]:
    """What idle visitors cost each, by their number: memory, and CPU time to connect.

    The first number of the plan is where both begin to count, so that what a process loads once,
    with its first visitor, is not laid on each.
    """
    seen = {}
    first, *others = plan.idle
    with _load(side, plan) as (lines, orders):
        _expect(lines, f"open {first}")
        cpu_first, memory_first = cpu_seconds(side.pids), resident_kib(side.pids)
        for count in others:
            orders.write("go on\n")
            orders.flush()
            _expect(lines, f"open {count}")
            more = count - first
            seen[f"kib_{count}"] = (resident_kib(side.pids) - memory_first) / more
            seen[f"connect_ms_{count}"] = (cpu_seconds(side.pids) - cpu_first) * 1000 / more
    return seen


@contextmanager
def _load(side: Side, plan: Plan) -> Iterator[tuple[Iterator[str], IO[str]]]:
    path = side.directory / "plan.json"
    plan.write(path)
    with subprocess.Popen(
        [sys.executable, "-m", "bench.load", str(path)],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as load:
        assert load.stdin
        assert load.stdout
        try:
            yield (line.rstrip("\n") for line in load.stdout), load.stdin
        finally:
            load.stdin.close()
            if load.wait(60):
                raise RuntimeError("the load failed, as it says above")


def _expect(lines: Iterator[str], line: str) -> None:
    found = next(lines, None)
    if found != line:
        raise RuntimeError(f"the load said {found!r} instead of {line!r}")
