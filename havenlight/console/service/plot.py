"""Where the marks of the plot of a day stand, for the template to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT, LEFT, TOP = 864, 240, 36, 12
_COLUMN = (WIDTH - LEFT) / 24


@dataclass(frozen=True, slots=True)
class Column:
    """The bar of one hour: its place and size in pixels."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    hour: int


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars for visitors, two stepped lines for counsellors, on one scale from 0 to `top`."""

    columns: list[Column]
    needed: str
    on_duty: str
    ticks: list[tuple[float, int]]
    width: int = WIDTH
    height: int = TOP + HEIGHT + 24
    left: int = LEFT
    ground: int = TOP + HEIGHT


def plot_of(offered: Sequence[float], needed: Sequence[float], on_duty: Sequence[float]) -> Plot:
    """The plot of 24 hours."""
    top = max(4, ceil(max([*offered, *needed, *on_duty], default=0)))
    step = max(1, ceil(top / 5))

    def y(value: float) -> float:
        return round(TOP + HEIGHT * (1 - value / top), 1)

    def x(hour: int) -> float:
        return round(LEFT + hour * _COLUMN, 1)

    def steps(values: Sequence[float]) -> str:
        marks = (
            f"{x(hour)},{y(value)} {x(hour + 1)},{y(value)}" for hour, value in enumerate(values)
        )
        return " ".join(marks)

    columns = [
        Column(
            x=x(hour) + 6,
            y=y(value),
            width=round(_COLUMN - 12, 1),
            height=round(HEIGHT * value / top, 1),
            middle=round(LEFT + (hour + 0.5) * _COLUMN, 1),
            hour=hour,
        )
        for hour, value in enumerate(offered)
    ]
    ticks = [(y(value), value) for value in range(0, top + 1, step)]
    return Plot(columns, steps(needed), steps(on_duty), ticks)
