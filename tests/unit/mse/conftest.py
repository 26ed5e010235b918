import json
from pathlib import Path

import pytest

from havenlight.mse.read import read_counts

VECTORS = Path(__file__).parents[2] / "vectors" / "mse"


@pytest.fixture(scope="session")
def published():
    """Give the table of one of the published data sets by its name."""
    return lambda name: read_counts(VECTORS / f"{name}.csv")


@pytest.fixture(scope="session")
def classical():
    """Give what the R packages answered on one of the published data sets."""
    answers = json.loads((VECTORS / "classical.json").read_text(encoding="utf-8"))["data"]
    return lambda name: answers[name]


@pytest.fixture(scope="session")
def resampled():
    """Give the resamples of two published tables with what SparseMSE estimates from each."""
    return json.loads((VECTORS / "resamples.json").read_text(encoding="utf-8"))
