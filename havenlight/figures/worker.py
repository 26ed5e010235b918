"""The process that estimates: settings as its argument, the table on stdin, events on stdout.

Each line of stdout is a JSON object; `havenlight.figures.work` reads them. Nothing here knows
Django, its settings or its database.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from havenlight.mse import Settings, estimate, estimate_strata, read_counts, read_strata
from havenlight.mse.cli import strata_text
from havenlight.mse.errors import TableRefused
from havenlight.mse.plots import all_plots
from havenlight.mse.wording import report_text

LONGEST_SECONDS = 15 * 60
MOST_MEMORY_BYTES = 2 * 1024**3


def main() -> None:
    """Estimate what the argument asks for."""
    _be_modest()
    asked = json.loads(sys.argv[1])
    settings = Settings(asked["level"], asked["resamples"], asked["seed"], None, _report)
    _report("reading", 0.0)
    try:
        with _file_in_memory(sys.stdin.buffer.read()) as path:
            done = (
                _strata(path, asked, settings) if asked["strata"] else _table(path, asked, settings)
            )
    except TableRefused as refusal:
        _tell("refused", reason=refusal.reason, row=refusal.row)
    else:
        _tell("done", **done)


def _table(path: Path, asked: dict[str, Any], settings: Settings) -> dict[str, Any]:
    analysis = estimate(read_counts(path), asked["methods"], settings)
    plots, report = all_plots(analysis), report_text(analysis)
    return {"analysis": analysis.as_json(), "plots": plots, "report": report}


def _strata(path: Path, asked: dict[str, Any], settings: Settings) -> dict[str, Any]:
    tables = read_strata(path, tuple(asked["strata"]))
    analysis = estimate_strata(tables, asked["methods"][0], settings)
    return {"analysis": analysis.as_json(), "plots": {}, "report": strata_text(analysis)}


def _be_modest() -> None:
    """Give way to the chats on this machine, and end by itself when it would not end."""
    os.nice(19)
    signal.alarm(LONGEST_SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))


@contextmanager
def _file_in_memory(content: bytes) -> Iterator[Path]:
    """A path from which `content` can be read, though it is on no disk."""
    with os.fdopen(os.memfd_create("table"), "wb") as file:
        file.write(content)
        file.flush()
        yield Path(f"/proc/self/fd/{file.fileno()}")


def _report(what: str, share: float) -> None:
    _tell("progress", what=what, share=share)


def _tell(event: str, **fields: object) -> None:
    sys.stdout.write(json.dumps({"event": event, **fields}, allow_nan=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
