"""Registrations to a built edition (HTML, PDF, data), by the command: 300 and a million of them."""

import compileall
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Event, Thread

import psutil

import havenlight
from bench.figures import RUNS, Figures, less_is_better, median_of
from bench.processes import resident_kib
from havenlight.casework import versions
from havenlight.casework.simulate import simulate
from havenlight.casework.simulation import tables

ROOT = Path(__file__).parents[1]
YEAR = 2021
FEW = 300
MILLION = 1_000_000
_LOOK_SECONDS = 0.1


def measure() -> Figures:
    """Seconds for both sizes, and the most MiB that all processes of the larger one held."""
    with tempfile.TemporaryDirectory() as directory:
        return _measure(Path(directory))


def _measure(directory: Path) -> Figures:
    # As an installed Havenlight is, and this one was before it was changed.
    compileall.compile_dir(havenlight.__path__[0], quiet=1)
    codebook = versions.newest()
    tables.write(directory / "one", simulate(YEAR, 1, codebook), codebook, 1)
    head, *rows = (directory / "one/registrations.csv").read_text("utf-8").splitlines()
    few, many = directory / "few.csv", directory / "many.csv"
    _repeat(few, head, rows, FEW)
    _repeat(many, head, rows, MILLION)
    # So short a run is not told by one. Who looks at memory takes a share of a core meanwhile.
    soon = median_of({"s": _build(few, directory / f"few-{run}", directory)} for run in range(RUNS))
    seconds, most = _looked_at(many, directory / "many", directory)
    return {
        "300 registrations to an edition": less_is_better(soon["s"], "s", goal=5),
        "a million registrations to an edition": less_is_better(seconds, "s", goal=60),
        "most memory for a million registrations": less_is_better(most, "MiB", goal=2048),
    }


def _repeat(path: Path, head: str, rows: list[str], size: int) -> None:
    """The same persons again and again, each time under other names."""
    with path.open("w", encoding="utf-8") as file:
        file.write(head + "\n")
        for number in range(size):
            mark, _, rest = rows[number % len(rows)].split(",", 2)
            file.write(f"{mark},B{number},{rest}\n")


def _build(registrations: Path, out: Path, data: Path) -> float:
    """How many seconds the command took."""
    begun = time.perf_counter()
    with _building(registrations, out, data) as building:
        building.wait()
    _check(building)
    return time.perf_counter() - begun


def _looked_at(registrations: Path, out: Path, data: Path) -> tuple[float, float]:
    """How many seconds the command took, and how many MiB it and all it started held at most.

    Pages of memory that processes share are counted for each of them.
    """
    begun = time.perf_counter()
    with _building(registrations, out, data) as building:
        ended, seen = Event(), [0.0]
        looking = Thread(target=_look, args=(building.pid, ended, seen))
        looking.start()
        building.wait()
        seconds = time.perf_counter() - begun
        ended.set()
        looking.join()
    _check(building)
    return seconds, max(seen)


def _building(registrations: Path, out: Path, data: Path) -> subprocess.Popen[bytes]:
    command = Path(sys.executable).with_name("havenlight")
    asked = ("report", "build", "--year", str(YEAR), "--registrations", str(registrations))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATA_DIR": str(data),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen((command, *asked, "--out", str(out)), env=environment)


def _check(built: subprocess.Popen[bytes]) -> None:
    if built.returncode:
        raise subprocess.CalledProcessError(built.returncode, built.args)


def _look(pid: int, ended: Event, seen: list[float]) -> None:
    """Note how many MiB are held, as often as does not slow down what is looked at."""
    while not ended.wait(_LOOK_SECONDS):
        # What it started may end while we look.
        with contextlib.suppress(psutil.NoSuchProcess):
            seen.append(resident_kib([pid]) / 1024)
