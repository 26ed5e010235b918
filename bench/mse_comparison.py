"""Our classical estimates beside the R packages' on the public tables: difference and time of each.

Run with one thread: OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python bench/mse_comparison.py
It writes docs/methods/mse-comparison.md. R's answers and times stand in tests/vectors/mse.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from havenlight.mse.classical import Choice, Settings, choose_best, choose_stepwise, draw
from havenlight.mse.criteria import Criterion
from havenlight.mse.loglinear import fit
from havenlight.mse.read import read_counts
from havenlight.mse.table import CaptureTable
from havenlight.mse.terms import notation
from havenlight.mse.threshold import bayes_threshold

ROOT = Path(__file__).parents[1]
VECTORS = ROOT / "tests" / "vectors" / "mse"
PAGE = ROOT / "docs" / "methods" / "mse-comparison.md"
SEEDS = 20
SETTINGS = Settings(resamples=1000, seed=1)
HEADINGS = ("table", "what", "ours", "the package's", "difference", "our time", "its time")


def point_rows(name: str, table: CaptureTable, reference: Mapping[str, Any]) -> list[list[str]]:
    """Compare the estimates that are deterministic."""
    rows = []
    for threshold, theirs in reference["stepwise"].items():
        start = time.perf_counter()
        choice = choose_stepwise(table, float(threshold))
        ours, model = total(table, choice), notation(choice.model)
        seconds = time.perf_counter() - start
        what = f"stepwise, p < {threshold}: {model}"
        rows.append(_row(name, what, (ours, theirs["estimate"]), (seconds, theirs["seconds"])))
    for order, theirs in reference.get("bic", {}).items():
        start = time.perf_counter()
        choice = choose_best(table, Criterion.BIC, int(order[-1]))
        ours, model = total(table, choice), notation(choice.model)
        seconds = time.perf_counter() - start
        what = f"BIC, {theirs['n_models']:,} models: {model}"
        best = theirs["top"][0]["estimate"]
        rows.append(_row(name, what, (ours, best), (seconds, theirs["seconds"])))
    return rows


def total(table: CaptureTable, choice: Choice) -> float:
    """Return all persons by the chosen model."""
    fits = fit(table.dense()[None, :].astype(np.float64), choice.model[None, :])
    return table.n_observed + float(fits.unseen[0])


def interval_rows(name: str, table: CaptureTable, reference: Mapping[str, Any]) -> list[list[str]]:
    """Compare the ends of the intervals that rest on 1,000 resamples, over many seeds of ours."""
    bca, bic = reference["stepwise_bca"], reference["bic_bca"]
    stepwise = {"lower": bca["BCa"]["0.025"], "upper": bca["BCa"]["0.975"]}
    best = {"lower": bic["0.025"], "upper": bic["0.975"]}
    asked = (
        ("stepwise", choose_stepwise(table), stepwise, bca["seconds"]),
        ("BIC, 20 best models", choose_best(table, Criterion.BIC, 2), best, bic["seconds"]),
    )
    rows: list[list[str]] = []
    for what, choice, ends, peer in asked:
        start = time.perf_counter()
        drawn = [draw(table, choice, replace(SETTINGS, seed=seed)) for seed in range(SEEDS)]
        times = [f"{(time.perf_counter() - start) / SEEDS:.2f} s", f"{peer:.0f} s"]
        found = np.array([one.bca(0.95) for one in drawn]).T
        for (side, end), values in zip(ends.items(), found, strict=True):
            label = f"{what}, BCa 95% {side} end"
            rows.append([name, label, *_beside(values, end), *times])
    return rows


def _beside(values: NDArray[np.float64], end: float) -> list[str]:
    """Return our end over all seeds, the package's, and whether it lies among ours."""
    low, middle, high = np.quantile(values, [0.0, 0.5, 1.0])
    inside = "within" if low <= end <= high else f"{end / middle - 1:+.1%}"
    return [f"{middle:,.0f} ({low:,.0f} to {high:,.0f})", f"{end:,.0f}", inside]


def threshold_rows(name: str, table: CaptureTable, reference: Mapping[str, Any]) -> list[list[str]]:
    """Compare the Bayesian threshold's median and ends."""
    theirs = reference["bayes_threshold"]
    start = time.perf_counter()
    ours = bayes_threshold(table, seed=1)
    times = time.perf_counter() - start, theirs["seconds"]
    pairs = {
        "lower end": (ours.lower, theirs["q"]["2.5%"]),
        "median": (ours.estimate, theirs["popest"]),
        "upper end": (ours.upper, theirs["q"]["97.5%"]),
    }
    return [
        _row(name, f"Bayesian threshold, {what}", (one or 0.0, other), times)
        for what, (one, other) in pairs.items()
    ]


def _row(
    name: str, what: str, totals: tuple[float, float], seconds: tuple[float, float]
) -> list[str]:
    ours, theirs = totals
    apart = ours / theirs - 1
    told = f"{apart:+.1%}" if abs(apart) >= 5e-4 else f"{apart:+.0e}"
    digits = 4 if abs(apart) < 5e-4 else 0
    numbers = [f"{ours:,.{digits}f}", f"{theirs:,.{digits}f}"]
    return [name, what, *numbers, told, f"{seconds[0]:.3f} s", f"{seconds[1]:.2f} s"]


def main() -> None:
    """Compare on all tables and write the page."""
    references = json.loads((VECTORS / "classical.json").read_text("utf-8"))["data"]
    rows = []
    for name, reference in references.items():
        table = read_counts(VECTORS / f"{name}.csv")
        rows += point_rows(name, table, reference)
        if "bic_bca" in reference:
            rows += interval_rows(name, table, reference)
            rows += threshold_rows(name, table, reference)
    lines = [
        "# Classical estimates beside the R packages'",
        "",
        "Written by `bench/mse_comparison.py`; do not edit. Ours on one thread; the packages' own",
        "times were recorded on two busy cores. Persons in all. Ends of intervals rest on 1,000",
        f"resamples, ours as the median (smallest to largest) of {SEEDS} seeds; `within` tells",
        "that the package's end lies between our smallest and largest.",
        "",
        f"| {' | '.join(HEADINGS)} |",
        f"|{' --- |' * len(HEADINGS)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
