"""Plots as SVG: dark on white, told apart by lightness and pattern, so that grey shows them too."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from textwrap import wrap

WIDTH = 380
INK, DARK, LIGHT, FAINT = "#1d2733", "#0f5470", "#8fb8c9", "#d9e1e6"

_SIZE = 14
_LINE = 17
_ROW = 24
_GAP = 8
_FONT = 'font-family="Open Sans, Noto Sans, DejaVu Sans, sans-serif"'
_BOLD = 9.7
"""How wide a bold letter is at most, taken together; one that is not bold is a sixth less."""
_SHORT = 11
"""Labels of so many letters stand before their lines, longer ones above them."""
_LETTERS = 44
"""How many letters of a label above its line stand beside each other."""
_EDGE = 10
"""Room at both ends of a scale, for half of what is written under its ends."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a plot: `value` 0 to 1 of the width, with what is said behind it.

    Without a value, which may not be shown then, what is said stands behind the label.
    """

    label: str
    value: float | None
    said: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A share of 0 to 1 as a line of a plot, with the ends of its interval."""

    label: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a line is drawn: from `left` on, `room` wide for 100%, around `middle`."""

    left: float
    room: float
    middle: float


_Draw = Callable[[_Place], Iterator[str]]


def bars(lines: Sequence[Bar]) -> str:
    """Horizontal bars, each with its number behind it."""
    longest = max((len(line.said) for line in lines if line.value is not None), default=0)
    below, parts = _drawn([_named(line) for line in lines], 0, 7 + _BOLD * longest)
    return _svg(below.middle, parts)


def _named(line: Bar) -> tuple[str, _Draw | None]:
    """A line by its label and how it is drawn: what may not be shown is said alone."""
    if line.value is None:
        return f"{line.label}: {line.said}", None
    return line.label, partial(_bar, line.value, line.said)


def dots(lines: Sequence[Dot]) -> str:
    """Shares as dots with their intervals, each on a scale of 0 to 100%."""
    named = [(line.label, partial(_dot, line)) for line in lines]
    below, parts = _drawn(named, _EDGE, _BOLD * len("100%") + 2 * _EDGE)
    scale = (
        _text(
            below.left + part / 4 * below.room,
            below.middle + 12,
            f"{25 * part}%",
            "middle",
            size=12,
        )
        for part in range(5)
    )
    return _svg(below.middle + 18, [*parts, *scale])


def _drawn(
    lines: Sequence[tuple[str, _Draw | None]], before: float, behind: float
) -> tuple[_Place, list[str]]:
    """Lines from the top on, with that much room before and behind each; and where they end."""
    longest = max((len(label) for label, _draw in lines), default=0)
    left = 0 if longest > _SHORT else _BOLD * longest
    room = WIDTH - left - before - behind
    at, parts = 2.0, list[str]()
    for label, draw in lines:
        if left:
            parts.append(_text(left - 8, at + _ROW / 2 + 5, label, "end"))
        else:
            for words in wrap(label, _LETTERS) or [""]:
                at += _LINE
                parts.append(_text(0, at, words))
        if draw is None:
            at += _GAP
        else:
            parts += draw(_Place(left + before, room, at + _ROW / 2))
            at += _ROW
    return _Place(left + before, room, at), parts


def _bar(value: float, said: str, place: _Place) -> Iterator[str]:
    width = max(value * place.room, 1)
    yield (
        f'<rect x="{place.left:.1f}" y="{place.middle - 8:g}" width="{width:.1f}" height="16" '
        f'fill="{DARK}"/>'
    )
    yield _text(place.left + width + 7, place.middle + 5, said, weight=True)


def _dot(line: Dot, place: _Place) -> Iterator[str]:
    left, room, middle = place.left, place.room, place.middle
    ticks = "".join(f"M{left + part * room / 4:.1f} {middle - 6:g}v12" for part in range(5))
    yield f'<path d="M{left:.1f} {middle:g}h{room:.1f}{ticks}" stroke="{FAINT}" fill="none"/>'
    low, high = (left + end * room for end in (line.low, line.high))
    yield (
        f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{middle:g}" y2="{middle:g}" '
        f'stroke="{LIGHT}" stroke-width="8" stroke-linecap="round"/>'
    )
    yield f'<circle cx="{left + line.value * room:.1f}" cy="{middle:g}" r="6" fill="{DARK}"/>'
    yield _text(WIDTH - 2, middle + 5, f"{line.value:.0%}", "end", weight=True)


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
