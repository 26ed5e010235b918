"""How long the estimates on the five UK lists take, beside the recorded times of the R packages.

Run with one thread: OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python bench/mse_speed.py
R's times were recorded on two busy cores and stand in tests/vectors/mse. Where Rscript and
SparseMSE are installed, its bootstrap is run again and its time of now is taken (some minutes).
The ratio is R's time over ours, so 10 means a tenth of R's time. Where both are deterministic the
answers are compared too.
"""

import json
import math
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from havenlight.mse.classical import Settings, choose_best, choose_stepwise, draw
from havenlight.mse.criteria import Criterion
from havenlight.mse.dga import decomposable_posterior
from havenlight.mse.graph_weights import SizePrior
from havenlight.mse.read import read_counts
from havenlight.mse.search import compare
from havenlight.mse.table import CaptureTable
from havenlight.mse.terms import hierarchical_models

PEER = Path(__file__).parent / "mse_peer.R"
VECTORS = Path(__file__).parents[1] / "tests" / "vectors" / "mse"
REPEATS = 3
SETTINGS = Settings(resamples=1000, seed=1)


@dataclass(frozen=True)
class Task:
    """What is timed: our own doing, the goal and R's time in seconds, and R's answer."""

    run: Callable[[CaptureTable], float]
    goal: float
    peer: float
    answer: float


def stepwise_bca(table: CaptureTable) -> float:
    """Choose by p-value again in each of 1,000 resamples; return the acceleration."""
    drawn = draw(table, choose_stepwise(table), SETTINGS)
    drawn.bca(0.95)
    return drawn.acceleration


def bic_6084(table: CaptureTable) -> float:
    """List and fit all models with terms of up to three lists; return the lowest BIC."""
    hierarchical_models.cache_clear()
    return float(compare(table.dense().astype(np.float64), Criterion.BIC, 3).scores[0])


def bic_bca(table: CaptureTable) -> float:
    """Choose by BIC among the 20 best pairwise models in each of 1,000 resamples."""
    drawn = draw(table, choose_best(table, Criterion.BIC, 2), SETTINGS)
    drawn.bca(0.95)
    return drawn.estimate


def tasks() -> dict[str, Task]:
    """Return what is timed, by name, with R's times and answers."""
    classical = json.loads((VECTORS / "classical.json").read_text("utf-8"))["data"]["UKdat_5"]
    bayesian = json.loads((VECTORS / "bayesian.json").read_text("utf-8"))["data"]["UKdat_5"]
    bca, bic, dga = classical["stepwise_bca"], classical["bic"], bayesian["dga"]
    best, chosen = bic["order3"]["top"][0], bic["order2"]["top"][0]
    return {
        "mse_stepwise_bca_seconds": Task(stepwise_bca, 8.0, bca["seconds"], bca["ahat"]),
        "mse_bic_6084_seconds": Task(bic_6084, 1.5, bic["order3"]["seconds"], best["bic"]),
        "mse_bic_bca_seconds": Task(
            bic_bca, 8.0, classical["bic_bca"]["seconds"], chosen["estimate"]
        ),
        "mse_dga_seconds": Task(partial(average, asked=dga), 0.1, dga["seconds"], dga["mean"]),
    }


def average(table: CaptureTable, asked: Mapping[str, Any]) -> float:
    """Average over all decomposable graphs, with the prior and on the grid that R was given."""
    grid = np.rint(np.linspace(1, asked["Nmissing_max"], asked["Nmissing_grid"]))
    posterior = decomposable_posterior(
        table, prior_count=asked["delta"], prior=SizePrior.MISSING, missing=grid
    )
    return posterior.mean()


def measure() -> dict[str, dict[str, Any]]:
    """Return the best of three times for each task: value, unit, goal, peer and ratio.

    Raises ValueError when an answer differs from R's by more than a millionth.
    """
    table = read_counts(VECTORS / "UKdat_5.csv")
    measured, again = {}, repeated_in_r()
    for name, task in tasks().items():
        seconds = min(_timed(task, table, name) for _ in range(REPEATS))
        peer = again.get(name, task.peer)
        measured[name] = {
            "value": seconds,
            "unit": "s",
            "goal": task.goal,
            "peer": peer,
            "ratio": peer / seconds,
        }
    return measured


def repeated_in_r() -> dict[str, float]:
    """Return R's seconds of now for what can be repeated; empty without R and its packages."""
    if not (rscript := shutil.which("Rscript")):
        return {}
    command = [rscript, str(PEER), str(VECTORS / "UKdat_5.csv")]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    lines = (line.split() for line in ran.stdout.splitlines())
    return {name: float(seconds) for name, seconds in lines}


def _timed(task: Task, table: CaptureTable, name: str) -> float:
    start = time.perf_counter()
    answer = task.run(table)
    seconds = time.perf_counter() - start
    if not math.isclose(answer, task.answer, rel_tol=1e-6):
        raise ValueError(f"{name} answers {answer}, and R {task.answer}")
    return seconds


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
