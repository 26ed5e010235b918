"""Registrations to a built edition (HTML, PDF, data), by the command: 300 and a million of them."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.figures import Figures, less_is_better
from havenlight.casework import versions
from havenlight.casework.simulate import simulate
from havenlight.casework.simulation import tables

YEAR = 2021
MILLION = 1_000_000


def measure() -> Figures:
    """Seconds for both sizes, and the most memory that one of the processes held."""
    with tempfile.TemporaryDirectory() as directory:
        return _measure(Path(directory))


def _measure(directory: Path) -> Figures:
    codebook = versions.newest()
    tables.write(directory / "one", simulate(YEAR, 1, codebook), codebook, 1)
    head, *rows = (directory / "one/registrations.csv").read_text("utf-8").splitlines()
    found: Figures = {}
    for size, name, goal in ((300, "300", 5.0), (MILLION, "a million", 60.0)):
        path = directory / f"{size}.csv"
        _repeat(path, head, rows, size)
        seconds = _build(path, directory / f"out-{size}", directory)
        found[f"{name} registrations to an edition"] = less_is_better(seconds, "s", goal=goal)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    found["most memory for a million registrations"] = less_is_better(most, "MiB", goal=2048)
    return found


def _repeat(path: Path, head: str, rows: list[str], size: int) -> None:
    """The same persons again and again, each time under other names."""
    with path.open("w", encoding="utf-8") as file:
        file.write(head + "\n")
        for number in range(size):
            mark, _, rest = rows[number % len(rows)].split(",", 2)
            file.write(f"{mark},B{number},{rest}\n")


def _build(registrations: Path, out: Path, data: Path) -> float:
    asked = ("report", "build", "--year", str(YEAR), "--registrations", str(registrations))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATA_DIR": str(data)}
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "django", *asked, "--out", str(out)], env=environment, check=True
    )
    return time.perf_counter() - begun
