"""Registrations to a built edition (HTML, PDF, data), by the command: 300 and a million of them."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench.figures import Figures, less_is_better
from bench.processes import resident_kib
from havenlight.casework import versions
from havenlight.casework.simulate import simulate
from havenlight.casework.simulation import tables

YEAR = 2021
MILLION = 1_000_000
_LOOK_SECONDS = 0.1


def measure() -> Figures:
    """Seconds for both sizes, and the most MiB that all processes of the larger one held."""
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
        seconds, most = _build(path, directory / f"out-{size}", directory)
        found[f"{name} registrations to an edition"] = less_is_better(seconds, "s", goal=goal)
    found["most memory for a million registrations"] = less_is_better(most, "MiB", goal=2048)
    return found


def _repeat(path: Path, head: str, rows: list[str], size: int) -> None:
    """The same persons again and again, each time under other names."""
    with path.open("w", encoding="utf-8") as file:
        file.write(head + "\n")
        for number in range(size):
            mark, _, rest = rows[number % len(rows)].split(",", 2)
            file.write(f"{mark},B{number},{rest}\n")


def _build(registrations: Path, out: Path, data: Path) -> tuple[float, float]:
    """How many seconds it took, and how many MiB it held; pages that are shared count twice."""
    asked = ("report", "build", "--year", str(YEAR), "--registrations", str(registrations))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATA_DIR": str(data)}
    begun, most = time.perf_counter(), 0.0
    command = (sys.executable, "-m", "django", *asked, "--out", str(out))
    with subprocess.Popen(command, env=environment) as building:
        while building.poll() is None:
            # What it started may end while we look.
            with contextlib.suppress(psutil.NoSuchProcess):
                most = max(most, resident_kib([building.pid]) / 1024)
            time.sleep(_LOOK_SECONDS)
    if building.returncode:
        raise subprocess.CalledProcessError(building.returncode, command)
    return time.perf_counter() - begun, most
