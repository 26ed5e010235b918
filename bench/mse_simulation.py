"""Do the intervals of `havenlight.mse` cover as often as they claim? Twelve known populations.

Run: python bench/mse_simulation.py [--populations 110] [--out docs/methods]
It writes mse-simulation.json (every figure), mse-simulation.md (the table) and two plots. Equal
seeds give equal figures.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from havenlight.mse.analysis import estimate
from havenlight.mse.classical import Settings, choose_independent, classical_estimate
from havenlight.mse.result import Estimate, Verdict
from havenlight.mse.table import CaptureTable

Chances = NDArray[np.float64]  # of each of the 2**k cells, the unseen one first

LEVEL = 0.95
RESAMPLES = 200
ASKED = ("independent", "stepwise", "bic", "dga")


@dataclass(frozen=True)
class Design:
    """A population: what it is like in words, its size, and the chance of each history."""

    name: str
    kind: str
    size: int
    chances: Chances


@dataclass(frozen=True)
class Row:
    """What one method did on one design; shares are of the populations with an estimate.

    `bias` is the median estimate over the truth minus 1, `spread` half the distance between its
    quartiles over the truth, `width` the median width of the interval over the truth.
    """

    design: str
    kind: str
    size: int
    seen_share: float
    method: str
    coverage: float
    bias: float
    spread: float
    width: float
    estimated_share: float
    endless_share: float
    warned_share: float


def loglinear(shares: tuple[float, ...], pairs: dict[tuple[int, int], float]) -> Chances:
    """Return chances in which each pair multiplies the odds of both lists by exp(value)."""
    cells = np.arange(1 << len(shares))[:, None] >> np.arange(len(shares)) & 1
    weight = np.prod(np.where(cells == 1, shares, 1 - np.array(shares)), axis=1)
    for (a, b), value in pairs.items():
        weight = weight * np.exp(value * cells[:, a] * cells[:, b])
    return np.asarray(weight / weight.sum())


def mixture(kinds: list[tuple[float, tuple[float, ...]]]) -> Chances:
    """Return chances of a population of several kinds, lists independent within each."""
    return np.asarray(np.sum([share * loglinear(lists, {}) for share, lists in kinds], axis=0))


def beta_mixture(mean: float, spread: float, n_lists: int) -> Chances:
    """Return chances when each person has an own one, alike for all lists, beta over persons."""
    at = (np.arange(400) + 0.5) / 400
    density = at ** (mean * spread - 1) * (1 - at) ** ((1 - mean) * spread - 1)
    kinds = zip(density / density.sum(), at, strict=True)
    return mixture([(float(share), (float(p),) * n_lists) for share, p in kinds])


NEVER = -50.0  # as good as minus infinity: nobody is on both lists
DESIGNS = (
    Design("three lists, 30% each", "independent", 1000, loglinear((0.3,) * 3, {})),
    Design("four uneven lists", "independent", 2000, loglinear((0.4, 0.2, 0.1, 0.05), {})),
    Design("five thin lists", "independent", 8000, loglinear((0.02, 0.06, 0.12, 0.1, 0.05), {})),
    Design("one pair attracts", "pairwise", 2000, loglinear((0.2,) * 4, {(0, 1): 1.0})),
    Design(
        "two pairs attract", "pairwise", 2000, loglinear((0.2,) * 4, {(0, 1): 1.0, (2, 3): 1.0})
    ),
    Design("one pair repels", "pairwise", 2000, loglinear((0.25,) * 4, {(0, 1): -1.0})),
    Design(
        "all pairs attract a little",
        "pairwise",
        2000,
        loglinear((0.2,) * 4, dict.fromkeys(combinations(range(4), 2), 0.4)),
    ),
    Design(
        "a fifth is easy to see",
        "heterogeneity",
        2000,
        mixture([(0.8, (0.15,) * 4), (0.2, (0.5,) * 4)]),
    ),
    Design("everyone has an own chance", "heterogeneity", 2000, beta_mixture(0.2, 6.0, 4)),
    Design("four lists of 8%, 400 persons", "sparse", 400, loglinear((0.08,) * 4, {})),
    Design("two lists share nobody", "empty overlap", 1500, loglinear((0.2,) * 4, {(0, 1): NEVER})),
    Design(
        "sparse, and a pair shares nobody",
        "empty overlap",
        1500,
        loglinear((0.1, 0.1, 0.08, 0.05), {(0, 1): NEVER, (0, 2): 1.0}),
    ),
)


def study(design: Design, populations: int, seed: int) -> list[Row]:
    """Draw a population again and again, estimate it by each method, and compare with the truth."""
    rng = np.random.default_rng(seed)
    lists = tuple("ABCDE"[: len(design.chances).bit_length() - 1])
    answers: dict[str, list[Estimate]] = {name: [] for name in ASKED}
    seen, warned = [], []
    for number in range(populations):
        drawn = rng.multinomial(design.size, design.chances)[1:]
        table = CaptureTable.from_dense(lists, drawn)
        settings = Settings(level=LEVEL, resamples=RESAMPLES, seed=number)
        analysis = estimate(table, ASKED[1:], settings)
        independent = classical_estimate(table, choose_independent(table), settings)
        for one in (independent, *analysis.methods):
            answers[one.name].append(one)
        seen.append(table.n_observed / design.size)
        warned.append(analysis.verdict is not Verdict.ESTIMABLE)
    shares = float(np.mean(seen)), float(np.mean(warned))
    return [_row(design, name, answers[name], shares) for name in ASKED]


def _row(design: Design, name: str, answers: list[Estimate], shares: tuple[float, float]) -> Row:
    given = [one for one in answers if one.estimate is not None]
    totals = np.array([one.estimate for one in given]) / design.size
    lower = np.array([one.lower for one in given]) / design.size
    upper = np.array([np.inf if one.upper is None else one.upper for one in given]) / design.size
    quartiles = np.quantile(totals, [0.25, 0.75])
    return Row(
        design=design.name,
        kind=design.kind,
        size=design.size,
        seen_share=shares[0],
        method=name,
        coverage=float(((lower <= 1) & (upper >= 1)).mean()),
        bias=float(np.median(totals) - 1),
        spread=float((quartiles[1] - quartiles[0]) / 2),
        width=float(np.median(np.minimum(upper, 1e6) - lower)),
        estimated_share=len(given) / len(answers),
        endless_share=float(np.isinf(upper).mean()),
        warned_share=shares[1],
    )


HEADINGS = (
    *("kind", "design", "persons", "seen", "method", "coverage", "bias", "spread", "width"),
    *("endless", "warned"),
)


def table_text(rows: list[Row], populations: int) -> str:
    """Return the page with the table, as Markdown."""
    noise = float(np.sqrt(LEVEL * (1 - LEVEL) / populations))
    lines = [
        "# Simulation study: do the intervals cover as often as they claim?",
        "",
        "Written by `bench/mse_simulation.py`; do not edit.",
        "",
        f"{len(DESIGNS)} populations of known size, each drawn {populations} times; intervals",
        f"claim {LEVEL:.0%}, with {RESAMPLES} resamples. If the claim holds, the share that covers",
        f"has a standard error of {noise:.1%}.",
        "",
        "Coverage is the share of intervals that hold the truth; bias the median estimate over the",
        "truth, minus one; spread half the distance between its quartiles over the truth; width",
        "the median width of the interval over the truth; endless the share of intervals without",
        "an upper limit. `independent` is what one gets without choosing a model. Warned is the",
        "share of populations whose verdict was fragile or not estimable.",
        "",
        "![Coverage](mse-simulation-coverage.svg)",
        "![Bias](mse-simulation-bias.svg)",
        "",
        f"| {' | '.join(HEADINGS)} |",
        f"|{' --- |' * len(HEADINGS)}",
    ]
    lines += [
        f"| {row.kind} | {row.design} | {row.size:,} | {row.seen_share:.0%} | {row.method} "
        f"| {row.coverage:.1%} | {row.bias:+.1%} | {row.spread:.1%} | {row.width:.0%} "
        f"| {row.endless_share:.1%} | {row.warned_share:.0%} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


COLOURS = dict(zip(ASKED, ("#5A5A5A", "#0072B2", "#D55E00", "#009E73"), strict=True))
WIDTH, LEFT, RIGHT, TOP, ROW = 800, 270, 40, 76, 30


def plot(
    title: str,
    rows: list[Row],
    value: Callable[[Row], float],
    ends: tuple[float, float],
    goal: float,
) -> str:
    """Return an SVG with a line for each design and a mark for each method; the goal is dashed."""
    height = TOP + ROW * len(DESIGNS) + 40
    span = WIDTH - LEFT - RIGHT

    def place(number: float) -> float:
        held = min(max(number, ends[0]), ends[1])
        return LEFT + span * (held - ends[0]) / (ends[1] - ends[0])

    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    font = 'font-family="system-ui, sans-serif" font-size="13"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} {font}>',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#FFFFFF"/>',
        f'<text x="12" y="26" font-size="16" font-weight="bold">{title}</text>',
    ]
    for at, name in enumerate(ASKED):
        x = 16.0 + 130 * at
        parts += [_mark(name, x, 46), f'<text x="{x + 12}" y="51">{name}</text>']
    for tick in np.linspace(*ends, 6):
        x = place(float(tick))
        parts.append(
            f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{height - 34}" stroke="#E2E2E2"/>'
        )
        parts.append(f'<text x="{x:.1f}" y="{height - 14}" text-anchor="middle">{tick:.0%}</text>')
    x = place(goal)
    dashed = 'stroke="#000000" stroke-dasharray="5 4"'
    parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{height - 34}" {dashed}/>')
    for at, design in enumerate(DESIGNS):
        y = TOP + ROW * (at + 0.5)
        parts.append(
            f'<text x="{LEFT - 12}" y="{y + 4:.1f}" text-anchor="end">{design.name}</text>'
        )
        own = [row for row in rows if row.design == design.name]
        parts += [_mark(row.method, place(value(row)), y) for row in own]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _mark(method: str, x: float, y: float) -> str:
    """Return the mark of a method: its own colour and its own shape."""
    shapes = {
        "independent": f"M{x - 5:.1f} {y - 5:.1f}l10 10m0 -10l-10 10",
        "stepwise": f"M{x - 5:.1f} {y - 5:.1f}h10v10h-10z",
        "bic": f"M{x:.1f} {y - 7:.1f}l6 12h-12z",
        "dga": f"M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z",
    }
    fill = "none" if method == "independent" else COLOURS[method]
    path = f'd="{shapes[method]}" fill="{fill}" fill-opacity="0.75"'
    return f'<path {path} stroke="{COLOURS[method]}" stroke-width="1.5"/>'


def main() -> None:
    """Run all designs and write what they show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--populations", type=int, default=110)
    parser.add_argument("--out", type=Path, default=Path("docs/methods"))
    args = parser.parse_args()
    start = time.perf_counter()
    rows: list[Row] = []
    for seed, design in enumerate(DESIGNS):
        rows += study(design, args.populations, seed)
        sys.stderr.write(f"{time.perf_counter() - start:6.0f} s  {design.name}\n")
    kept = {"populations": args.populations, "rows": [asdict(row) for row in rows]}
    plots = {
        "coverage": plot(
            "Share of 95% intervals that hold the truth",
            rows,
            lambda r: r.coverage,
            (0.0, 1.0),
            LEVEL,
        ),
        "bias": plot(
            "Median estimate over the truth, minus 1", rows, lambda r: r.bias, (-0.5, 0.5), 0.0
        ),
    }
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "mse-simulation.json").write_text(json.dumps(kept, indent=1) + "\n")
    (args.out / "mse-simulation.md").write_text(table_text(rows, args.populations))
    for name, svg in plots.items():
        (args.out / f"mse-simulation-{name}.svg").write_text(svg)


if __name__ == "__main__":
    main()
