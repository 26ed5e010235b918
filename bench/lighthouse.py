"""Lighthouse on the visitor's start page and chat page: its scores, of 100."""

import json
import subprocess
import sys
from pathlib import Path

from bench import sides
from bench.figures import RUNS, Figures, median_of, more_is_better
from tests.browser.chromium import CHROMIUM, CHROMIUM_FLAGS

_SCRIPT = Path(__file__).with_suffix(".mjs")
# Beside the Python that runs this: Debian's may be too old for Lighthouse.
_NODE = Path(sys.executable).parent / "node"
_TIME_OUT_SECONDS = 120


def _scores(screen: str, address: str) -> dict[str, float]:
    command = [str(_NODE), str(_SCRIPT), screen, address, CHROMIUM, *CHROMIUM_FLAGS]
    done = subprocess.run(
        command, check=True, timeout=_TIME_OUT_SECONDS, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return {
        f"lighthouse_{screen}_{category.replace('-', '_')}": 100 * score
        for category, score in found.items()
    }


def measure() -> Figures:
    """On a phone over simulated slow 4G, with a CPU four times as slow."""
    with sides.havenlight("sqlite", 0, 1) as side:
        found = {
            name: score
            for screen in ("start", "chat")
            for name, score in median_of(
                _scores(screen, f"{side.address}/nl") for _ in range(RUNS)
            ).items()
        }
    return {name: more_is_better(score, "of 100", goal=100) for name, score in found.items()}
