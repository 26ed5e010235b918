"""Axes of persons for plots: from zero, or by powers of ten when the numbers lie far apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

FAR_APART = 40.0  # the largest over the smallest number; above it the axis is logarithmic


@dataclass(frozen=True)
class Scale:
    """Where a number of persons stands between two places on the page, in pixels."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]
    logarithmic: bool = False

    def place(self, value: float) -> float:
        """Return the place of a number, held within the axis."""
        low, high, at = self.low, self.high, min(max(value, self.low), self.high)
        if self.logarithmic:
            low, high, at = log10(low), log10(high), log10(at)
        return self.start + (self.end - self.start) * (at - low) / (high - low)


def scale_for(values: Sequence[float], start: float, end: float) -> Scale:
    """Return an axis on which all these numbers, in persons and above zero, have a place."""
    low, high = max(1.0, min(values)), max(2.0, *values)
    if high / low <= FAR_APART:
        step = _round_step(high / 4)
        top = step * ceil(high / step)
        return Scale(0.0, top, start, end, tuple(step * i for i in range(round(top / step) + 1)))
    first, last = floor(log10(low)), ceil(log10(high))
    between = (1.0, 2.0, 5.0) if last - first <= 2 else (1.0,)
    ticks = (*(f * 10.0**p for p in range(first, last) for f in between), 10.0**last)
    return Scale(10.0**first, 10.0**last, start, end, ticks, logarithmic=True)


def _round_step(step: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is not below the step."""
    power = 10.0 ** floor(log10(step))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= step)
