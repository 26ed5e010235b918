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
    """What idle visitors cost, by their number: memory each, and CPU time to connect each."""
    seen = {}
    cpu_before, memory_before = cpu_seconds(side.pids), resident_kib(side.pids)
    with _load(side, plan) as (lines, orders):
        for count in plan.idle:
            _expect(lines, f"open {count}")
            seen[f"kib_{count}"] = (resident_kib(side.pids) - memory_before) / count
            seen[f"connect_ms_{count}"] = (cpu_seconds(side.pids) - cpu_before) * 1000 / count
            orders.write("go on\n")
            orders.flush()
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
