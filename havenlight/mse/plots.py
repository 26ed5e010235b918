"""Plots of an analysis as SVG text: what each method says, each model, and what moves them.

Only attributes are used, no style, so that a strict content policy lets them through. Colours are
from Okabe and Ito's palette and differ in lightness; shapes differ too, so grey paper is enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from havenlight.mse.analysis import Analysis
from havenlight.mse.result import Status
from havenlight.mse.scales import Scale, scale_for

WIDTH, ROW, TOP, LEFT, RIGHT = 800, 26, 72, 220, 190
LONGEST = 28  # letters that fit at the right
BLUE, ORANGE, GREY, PALE = "#0072B2", "#D55E00", "#5A5A5A", "#E2E2E2"
FONT = 'font-family="system-ui, sans-serif" font-size="13"'

Place = tuple[float, float]  # x and y on the page, in pixels


@dataclass(frozen=True)
class Bar:
    """One line of a plot: its label, its number in persons with ends, and a remark at the right.

    `weight` from 0 to 1 sets the size of the mark; `second` marks the other kind of lines.
    """

    label: str
    estimate: float | None
    lower: float | None = None
    upper: float | None = None
    remark: str = ""
    weight: float = 0.2
    second: bool = False


def all_plots(analysis: Analysis) -> dict[str, str]:
    """Return every plot that the analysis has numbers for, by name."""
    plots = {"methods": methods_plot(analysis)}
    if analysis.sensitivity and analysis.sensitivity.models:
        plots["models"] = models_plot(analysis)
        plots["sensitivity"] = sensitivity_plot(analysis)
        plots["thresholds"] = thresholds_plot(analysis)
    return plots


def methods_plot(analysis: Analysis) -> str:
    """Draw each method's estimate with its interval."""
    bars = [
        Bar(one.name, one.estimate, one.lower, one.upper, one.model)
        if one.status is Status.ESTIMATED
        else Bar(one.name, None, remark="no number")
        for one in analysis.methods
    ]
    level = f"{analysis.settings.level:.0%} intervals"
    axis = f"persons in all, {level}"
    return _plot("What each method says", axis, bars, analysis.n_observed)


def models_plot(analysis: Analysis, most: int = 15) -> str:
    """Draw the best models by BIC: estimate, the interval that takes it as given, and weight."""
    rows = analysis.sensitivity.models[:most] if analysis.sensitivity else ()
    bars = [
        Bar(row.model, row.estimate, row.lower, row.upper, f"weight {row.weight:.1%}", row.weight)
        for row in rows
    ]
    numbers = ", ".join(f"{j} {name}" for j, name in enumerate(analysis.lists, 1))
    axis = f"persons in all; the larger the mark, the more weight; lists: {numbers}"
    return _plot("What each model says, best first", axis, bars, analysis.n_observed)


def sensitivity_plot(analysis: Analysis) -> str:
    """Draw the estimates without each list beside those with all lists, by BIC and stepwise."""
    around = analysis.sensitivity
    rows = around.left_out if around else ()
    best = around.models[0] if around else None
    bars = [Bar("all lists, bic", best.estimate)] if best else []
    whole = {one.name: one.estimate for one in analysis.methods}
    if whole.get("stepwise") is not None:
        bars.append(Bar("all lists, stepwise", whole["stepwise"], second=True))
    bars += [
        Bar(
            f"without {row.left_out}, {row.method}",
            row.estimate,
            remark="" if row.estimate is not None else "no number",
            second=row.method == "stepwise",
        )
        for row in rows
    ]
    axis = "persons in all, one list left out at a time; circle: bic, square: stepwise"
    return _plot("What one list does", axis, bars, analysis.n_observed)


def thresholds_plot(analysis: Analysis) -> str:
    """Draw the estimate along the path of p-value thresholds."""
    steps = analysis.sensitivity.path if analysis.sensitivity else ()
    bars = [Bar(f"p over {step.above:.2g}", step.estimate, remark=step.model) for step in steps]
    axis = "persons in all, stepwise, for thresholds from this one to the next"
    return _plot("What the p-value threshold does", axis, bars, analysis.n_observed)


def _plot(title: str, axis: str, bars: Sequence[Bar], seen: int) -> str:
    """Put title, axis and one line for each bar into an SVG with a text for those who hear it."""
    values = [v for bar in bars for v in (bar.estimate, bar.lower, bar.upper) if v is not None]
    scale = scale_for([*values, max(seen, 1)], LEFT, WIDTH - RIGHT)
    height = TOP + ROW * len(bars) + 44
    told = "; ".join(_told(bar) for bar in bars)
    inside = [
        f"<title>{escape(title)}</title><desc>{escape(f'{axis}: {told}')}</desc>",
        f'<rect width="{WIDTH}" height="{height}" fill="#FFFFFF"/>',
        _text(12, 26, title, 'font-weight="bold" font-size="16"'),
        _text(12, 46, axis, f'fill="{GREY}"'),
        *_grid(scale, height),
        *_seen(scale, seen, height),
        *(_bar(bar, scale, TOP + ROW * (place + 0.5)) for place, bar in enumerate(bars)),
    ]
    view = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {view} {FONT}>'
    return "\n".join([head, *inside, "</svg>"]) + "\n"


def _told(bar: Bar) -> str:
    if bar.estimate is None:
        return f"{bar.label} no number"
    ends = f" ({bar.lower:,.0f} to {bar.upper:,.0f})" if bar.lower and bar.upper else ""
    return f"{bar.label} {bar.estimate:,.0f}{ends}"


def _grid(scale: Scale, height: int) -> list[str]:
    bottom = height - 40
    lines = []
    for tick in scale.ticks:
        x = scale.place(tick)
        lines.append(_line((x, TOP - 4), (x, bottom), PALE))
        lines.append(_text(x, bottom + 18, f"{tick:,.0f}", f'text-anchor="middle" fill="{GREY}"'))
    return lines


def _seen(scale: Scale, seen: int, height: int) -> list[str]:
    """Draw where the persons who were seen end and the unseen begin."""
    x = scale.place(seen)
    ends = f'x1="{x:.1f}" y1="{TOP - 4}" x2="{x:.1f}" y2="{height - 40}"'
    return [
        f'<line {ends} stroke="{GREY}" stroke-width="1.5" stroke-dasharray="5 4"/>',
        _text(x, TOP - 9, f"{seen:,} seen", f'text-anchor="middle" fill="{GREY}" font-size="11"'),
    ]


def _bar(bar: Bar, scale: Scale, y: float) -> str:
    label = _text(LEFT - 12, y + 4, bar.label, 'text-anchor="end"')
    fitting = bar.remark if len(bar.remark) <= LONGEST else bar.remark[: LONGEST - 1] + "…"
    remark = _text(WIDTH - RIGHT + 12, y + 4, fitting, f'fill="{GREY}" font-size="11"')
    if bar.estimate is None:
        return label + remark
    colour = ORANGE if bar.second else BLUE
    x = scale.place(bar.estimate)
    parts = [label, remark]
    if bar.lower is not None:
        end = scale.place(bar.upper) if bar.upper is not None else WIDTH - RIGHT
        parts.append(_line((scale.place(bar.lower), y), (end, y), colour))
        ends = [bar.lower] if bar.upper is None else [bar.lower, bar.upper]
        parts += [_line((scale.place(v), y - 5), (scale.place(v), y + 5), colour) for v in ends]
        if bar.upper is None:
            parts.append(_text(end - 4, y + 5, "→", f'fill="{colour}"'))
    size = 3 + 9 * min(bar.weight, 1.0) ** 0.5
    if bar.second:
        box = (
            f'x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size:.1f}" height="{2 * size:.1f}"'
        )
        parts.append(f'<rect {box} fill="{colour}"/>')
    else:
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{colour}"/>')
    return "".join(parts)


def _line(start: Place, end: Place, colour: str) -> str:
    ends = f'x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="2"/>'


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(text)}</text>'
