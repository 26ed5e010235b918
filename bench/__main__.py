"""Measures everything: python -m bench [MODULE...]; prints the table and writes results.json.

What is measured anew takes the place of what results.json held; the rest of it stays.

A module of this package takes part by having `measure() -> Figures`.
"""

import importlib
import json
import pkgutil
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import bench
from bench.figures import Figures, table

RESULTS = Path(__file__).parent / "results.json"


def measuring(only: list[str]) -> Iterator[tuple[str, Callable[[], Figures]]]:
    """The modules that measure something, or those of them that are named."""
    for found in pkgutil.iter_modules(bench.__path__):
        if not found.ispkg and found.name != "__main__" and (not only or found.name in only):
            module = importlib.import_module(f"bench.{found.name}")
            if hasattr(module, "measure"):
                yield found.name, module.measure


def _allow_many_connections() -> None:
    """Let us and the servers that we start hold as many as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main() -> None:
    """Measure, print, write."""
    _allow_many_connections()
    figures: Figures = {}
    for name, measure in measuring(sys.argv[1:]):
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        figures |= measure()
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    RESULTS.write_text(json.dumps(kept | figures, indent=1) + "\n", encoding="utf-8")
    print(table(figures))


if __name__ == "__main__":
    main()
