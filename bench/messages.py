"""What a message costs, durably stored and delivered, at saturation and at a quiet pace."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

from bench import loads, sides
from bench.figures import Figures, less_is_better, more_is_better, side_by_side
from bench.load.plan import Plan

_MESSAGES_EACH = 1_000
_QUIET_RATE = 50.0

Serving = Callable[[str, int, int], AbstractContextManager[sides.Side]]


def saturate(serving: Serving, store: str) -> dict[str, float]:
    """50 conversations, each going on as fast as it can; ten members with five of them each."""
    with serving(store, 50, 5) as side:
        plan = Plan(side.protocol, side.pairs, side.streams, _MESSAGES_EACH)
        return loads.talk(side, plan)


def quiet(serving: Serving) -> dict[str, float]:
    """50 messages a second over 200 conversations, on SQLite."""
    with serving("sqlite", 200, 5) as side:
        plan = Plan(
            *(side.protocol, side.pairs, side.streams, 20),
            rate=_QUIET_RATE,
            warm_up_seconds=4,
            seconds=12,
        )
        return loads.talk(side, plan)


def measure() -> Figures:
    """All of it, beside the peer."""
    figures: Figures = {}
    for store, name, goal in (("sqlite", "sqlite", 0.20), ("postgres", "postgres_redis", 0.40)):
        ours, peer = side_by_side(
            partial(saturate, sides.havenlight, store), partial(saturate, sides.channels, store)
        )
        figures |= {
            f"cpu_ms_per_message_{name}": less_is_better(
                ours["cpu_ms"], "ms", goal=goal, peer=peer["cpu_ms"]
            ),
            f"messages_per_second_{name}": more_is_better(ours["rate"], "1/s", peer=peer["rate"]),
            f"p50_ms_{name}": less_is_better(ours["p50_ms"], "ms", peer=peer["p50_ms"]),
            f"p99_ms_{name}": less_is_better(ours["p99_ms"], "ms", peer=peer["p99_ms"]),
        }
    ours, peer = side_by_side(partial(quiet, sides.havenlight), partial(quiet, sides.channels))
    goals = {"cpu_ms": 1.5, "p50_ms": 3.0, "p99_ms": 9.0}
    names = {"cpu_ms": "cpu_ms_per_message", "p50_ms": "p50_ms", "p99_ms": "p99_ms"}
    return figures | {
        f"{names[key]}_at_50_per_second": less_is_better(ours[key], "ms", goal=goal, peer=peer[key])
        for key, goal in goals.items()
    }
