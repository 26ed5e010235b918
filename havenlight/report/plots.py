"""Plots as SVG: dark on white, told apart by lightness and pattern, so that grey shows them too."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

WIDTH = 380
INK, DARK, LIGHT, FAINT = "#1d2733", "#0f5470", "#8fb8c9", "#d9e1e6"

_SIZE = 14
_LABEL = 158
_ROW = 27
_FONT = 'font-family="Noto Sans, DejaVu Sans, sans-serif"'
_SAID = 92
"""Room for what is said behind a line, such as "27 (62%)"; more where that is longer."""
_BOLD = 9.7
"""How wide its letters are at most, taken together."""
_LETTERS = 17
"""How many letters of a label fit in a line."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a plot: `value` 0 to 1 of the width, None when it may not be shown.

    `low` and `high` are the ends of its interval, where it has one; `said` stands behind it.
    """

    label: str
    value: float | None
    said: str
    low: float | None = None
    high: float | None = None


Draw = Callable[[Bar, float, float], Iterator[str]]


def bars(lines: Sequence[Bar]) -> str:
    """Horizontal bars, each with its number behind it."""
    return _drawn(lines, _bar)


def dots(lines: Sequence[Bar]) -> str:
    """Shares as dots with their intervals, on a scale of 0 to 100%."""
    return _drawn(lines, _dot, scale=True)


def _drawn(lines: Sequence[Bar], draw: Draw, *, scale: bool = False) -> str:
    at = 6
    parts: list[str] = []
    longest = max((len(line.said) for line in lines if line.value is not None), default=0)
    room = WIDTH - _LABEL - max(_SAID, 7 + _BOLD * longest)
    for line in lines:
        label = wrap(line.label, _LETTERS) or [""]
        height = max(_ROW, 17 * len(label) + 8)
        parts += _label(label, at + height / 2)
        parts += draw(line, at + height / 2, room)
        at += height
    if scale:
        parts = [*_scale(room, at), *parts]
        at += 22
    return _svg(at + 4, parts)


def _label(lines: Sequence[str], middle: float) -> Iterator[str]:
    first = middle + 5 - 8.5 * (len(lines) - 1)
    for number, line in enumerate(lines):
        yield _text(_LABEL - 10, first + 17 * number, line, "end")


def _bar(line: Bar, middle: float, room: float) -> Iterator[str]:
    if line.value is None:
        yield (
            f'<rect x="{_LABEL}" y="{middle - 8:g}" width="18" height="16" fill="none" '
            f'stroke="{DARK}" stroke-dasharray="3 2"/>'
        )
        yield _text(_LABEL + 26, middle + 5, line.said)
        return
    width = max(line.value * room, 1)
    yield f'<rect x="{_LABEL}" y="{middle - 8:g}" width="{width:.1f}" height="16" fill="{DARK}"/>'
    yield _text(_LABEL + width + 7, middle + 5, line.said, weight=True)


def _dot(line: Bar, middle: float, room: float) -> Iterator[str]:
    if line.value is None:
        yield _text(_LABEL + 4, middle + 5, line.said)
        return
    if line.low is not None and line.high is not None:
        low, high = (_LABEL + end * room for end in (line.low, line.high))
        yield (
            f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{middle:g}" y2="{middle:g}" '
            f'stroke="{LIGHT}" stroke-width="7" stroke-linecap="round"/>'
        )
    yield f'<circle cx="{_LABEL + line.value * room:.1f}" cy="{middle:g}" r="6" fill="{DARK}"/>'
    yield _text(WIDTH - 4, middle + 5, line.said, "end", weight=True)


def _scale(room: float, bottom: float) -> Iterator[str]:
    for percent in (0, 25, 50, 75, 100):
        x = _LABEL + percent / 100 * room
        yield f'<line x1="{x:g}" x2="{x:g}" y1="4" y2="{bottom:g}" stroke="{FAINT}"/>'
        yield _text(x, bottom + 16, f"{percent}%", "middle", size=12)


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that stand together, as of one year; numbers as they are printed."""

    label: str
    values: tuple[int, ...]


def columns(groups: Sequence[Group], names: Sequence[str]) -> str:
    """Groups of columns: the first name dark, the second light with a dark edge."""
    top, bottom = 34, 200
    most = max((value for group in groups for value in group.values), default=1) or 1
    step = (WIDTH - 20) / max(len(groups), 1)
    width = min(step / (len(names) + 0.6), 62)
    parts = list(_legend(names))
    for number, group in enumerate(groups):
        left = 10 + step * number + (step - width * len(group.values)) / 2
        for place, value in enumerate(group.values):
            height = value / most * (bottom - top - 14)
            parts.append(_column(left + width * place, bottom - height, width - 3, height, place))
            middle = left + width * place + (width - 3) / 2
            parts.append(_text(middle, bottom - height - 5, f"{value}", "middle", weight=True))
        parts.append(_text(10 + step * (number + 0.5), bottom + 19, group.label, "middle"))
    parts.append(f'<line x1="8" x2="{WIDTH - 8}" y1="{bottom}" y2="{bottom}" stroke="{INK}"/>')
    return _svg(bottom + 28, parts)


def _column(x: float, y: float, width: float, height: float, place: int) -> str:
    fill = DARK if place == 0 else LIGHT
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" '
        f'stroke="{DARK}"/>'
    )


def _legend(names: Sequence[str]) -> Iterator[str]:
    if len(names) < 2:
        return
    x = 12.0
    for place, name in enumerate(names):
        yield _column(x, 6, 14, 14, place)
        yield _text(x + 21, 18, name)
        x += 21 + 8.2 * len(name) + 26


def _text(  # noqa: PLR0913 -- what an element of SVG has
    x: float, y: float, said: str, anchor: str = "start", *, weight: bool = False, size: int = _SIZE
) -> str:
    bold = ' font-weight="700"' if weight else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{bold} '
        f'fill="{INK}" {_FONT}>{escape(said)}</text>'
    )


def _svg(height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" '
        f'width="{WIDTH}" height="{height:g}">{"".join(parts)}</svg>'
    )
