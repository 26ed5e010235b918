"""Figures: a value beside its goal and its peer, in one form for all modules."""

import statistics
from collections.abc import Callable, Iterable
from typing import TypedDict

RUNS = 3


class Figure(TypedDict):
    """One figure.

    `goal` and `peer` are None where there is none. `ratio` tells how many times better than the
    peer the value is: over 1 is better.
    """

    value: float
    unit: str
    goal: float | None
    peer: float | None
    ratio: float | None


Figures = dict[str, Figure]


def less_is_better(
    value: float, unit: str, *, goal: float | None = None, peer: float | None = None
) -> Figure:
    """A cost, such as milliseconds."""
    return Figure(value=value, unit=unit, goal=goal, peer=peer, ratio=peer and peer / value)


def more_is_better(
    value: float, unit: str, *, goal: float | None = None, peer: float | None = None
) -> Figure:
    """A yield, such as messages a second."""
    return Figure(value=value, unit=unit, goal=goal, peer=peer, ratio=peer and value / peer)


def median_of(runs: Iterable[dict[str, float]]) -> dict[str, float]:
    """The median of each value over several runs of the same."""
    seen = list(runs)
    return {name: statistics.median(run[name] for run in seen) for name in seen[0]}


def side_by_side(
    ours: Callable[[], dict[str, float]], peer: Callable[[], dict[str, float]], runs: int = RUNS
) -> tuple[dict[str, float], dict[str, float]]:
    """The medians of both, run in turns, so that a busy minute of the machine strikes both."""
    pairs = [(ours(), peer()) for _ in range(runs)]
    return median_of(run for run, _ in pairs), median_of(run for _, run in pairs)


def table(figures: Figures) -> str:
    """The figures for people."""
    rows: list[tuple[str, ...]] = [("figure", "value", "unit", "goal", "peer", "ratio")]
    for name, figure in figures.items():
        numbers = [_short(figure[key]) for key in ("value", "goal", "peer", "ratio")]
        rows.append((name, numbers[0], figure["unit"], *numbers[1:]))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    texts = {0, 2}
    cells = [
        cell.ljust(width) if index in texts else cell.rjust(width)
        for index, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _short(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
