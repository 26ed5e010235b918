"""What the tests of the Bayesian half share: the public tables and R's answers for them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from havenlight.mse.table import CaptureTable

VECTORS = Path(__file__).parents[2] / "vectors" / "mse"


def public_table(name: str) -> CaptureTable:
    path = VECTORS / f"{name}.csv"
    lists = tuple(path.read_text().splitlines()[0].split(",")[:-1])
    rows = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64)
    return CaptureTable(lists, rows[:, :-1].astype(np.bool_), rows[:, -1])


@cache
def reference(name: str) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((VECTORS / "bayesian.json").read_text())
    return answers["data"][name]


def dense_table(*counts: int) -> CaptureTable:
    """Make a table of lists A, B, ... from the counts of its cells in binary order."""
    lists = "ABCDEFGH"[: (len(counts) + 1).bit_length() - 1]
    return CaptureTable.from_dense(tuple(lists), np.array(counts))
