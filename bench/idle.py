"""What a visitor costs who only has the page open: memory, and the CPU time of connecting."""

from functools import partial

from bench import loads, sides
from bench.figures import Figures, less_is_better, side_by_side
from bench.load.plan import Plan
from bench.messages import Serving

_WARM, _FEW, _MANY = 100, 1_000, 5_000


def connect(serving: Serving) -> dict[str, float]:
    """Visitors open their streams, and then say nothing."""
    with serving("sqlite", _MANY, 10) as side:
        return loads.connect(side, Plan(side.protocol, side.pairs, [], idle=(_WARM, _FEW, _MANY)))


def measure() -> Figures:
    """Beside the peer; once, since memory hardly differs from run to run."""
    ours, peer = side_by_side(
        partial(connect, sides.havenlight), partial(connect, sides.channels), runs=1
    )
    return {
        "kib_per_idle_visitor": less_is_better(
            ours[f"kib_{_MANY}"], "KiB", goal=12, peer=peer[f"kib_{_MANY}"]
        ),
        "kib_per_idle_visitor_of_1000": less_is_better(
            ours[f"kib_{_FEW}"], "KiB", goal=12, peer=peer[f"kib_{_FEW}"]
        ),
        "cpu_ms_per_connect": less_is_better(
            ours[f"connect_ms_{_MANY}"], "ms", goal=0.2, peer=peer[f"connect_ms_{_MANY}"]
        ),
    }
