"""What the numbers together allow to be said, in plain words and with reasons."""

from collections.abc import Iterable
from dataclasses import dataclass

from havenlight.mse.residuals import Check
from havenlight.mse.result import Estimate, Status, Verdict
from havenlight.mse.sensitivity import Sensitivity
from havenlight.mse.table import CaptureTable

# Where a number stops being one number. These are conventions, told with every verdict.
WIDEST_FACTOR = 1.5  # between answers that the data cannot tell apart
WIDEST_INTERVAL = 3.0  # upper end over lower end
WINDOW = 6.0  # of BIC; Raftery (1995), Sociological Methodology 25, p. 139: strong from 6 on
THRESHOLDS = (0.001, 0.1)  # the p-value thresholds anyone would use
FEWEST_SHARED = 25  # persons on more than one list
WORST_FIT = 0.05  # p-value of the chosen model
MOST_FAILED = 0.05  # share of resamples without an estimate


@dataclass(frozen=True)
class Reason:
    """Why the verdict is not better: a code for programs and a sentence for people."""

    code: str
    text: str


@dataclass(frozen=True)
class Judgement:
    """The verdict with its reasons, none when the population is estimable."""

    verdict: Verdict
    reasons: tuple[Reason, ...]


def judge(
    table: CaptureTable,
    methods: Iterable[Estimate],
    around: Sensitivity | None,
    check: Check | None,
) -> Judgement:
    """Weigh the answers of all methods, what moves them, and the fit of the chosen model."""
    given = [one for one in methods if one.status is Status.ESTIMATED]
    if not given:
        text = "no method gives a finite number for these overlaps"
        return Judgement(Verdict.NOT_ESTIMABLE, (Reason("no_estimate", text),))
    reasons = [*method_reasons(given), *table_reasons(table)]
    if around is not None:
        reasons += [*_of_models(around), *_of_path(around), *_of_lists(around, given)]
    if check is not None and check.p_value < WORST_FIT:
        text = (
            f"the best model {check.model} does not fit: tables simulated from it lie as far "
            f"away as the real one in {check.p_value:.1%} of cases"
        )
        reasons.append(Reason("poor_fit", text))
    endless = [reason for reason in reasons if reason.code == "no_upper_end"]
    if endless and not any(one.upper is not None for one in given):
        return Judgement(Verdict.NOT_ESTIMABLE, tuple(reasons))
    return Judgement(Verdict.FRAGILE if reasons else Verdict.ESTIMABLE, tuple(reasons))


def method_reasons(given: list[Estimate]) -> list[Reason]:
    """Return what the methods' own numbers and intervals warn of."""
    reasons = []
    totals = {one.name: one.estimate for one in given if one.estimate is not None}
    low, high = min(totals, key=totals.__getitem__), max(totals, key=totals.__getitem__)
    if totals[high] > WIDEST_FACTOR * totals[low]:
        ends = f"{low} gives {totals[low]:,.0f}, {high} gives {totals[high]:,.0f}"
        text = f"the methods disagree: {ends}"
        reasons.append(Reason("methods_disagree", text))
    for one in given:
        if one.upper is None and one.lower is not None:
            text = f"{one.name} has no upper limit: {one.reason or 'its interval is endless'}"
            reasons.append(Reason("no_upper_end", text))
        elif one.upper and one.lower and one.upper > WIDEST_INTERVAL * one.lower:
            text = f"the interval of {one.name} is wide: {one.lower:,.0f} to {one.upper:,.0f}"
            reasons.append(Reason("wide_interval", text))
        if one.details.get("resamples_without_estimate_share", 0) > MOST_FAILED:
            reasons.append(Reason("failing_resamples", f"{one.name}: {one.reason}"))
    return reasons


def table_reasons(table: CaptureTable) -> list[Reason]:
    reasons = []
    if table.n_lists == 2:
        text = "with two lists nobody can test whether being on one makes the other more likely"
        reasons.append(Reason("two_lists", text))
    shared = int(table.counts[table.histories.sum(axis=1) > 1].sum())
    if shared < FEWEST_SHARED:
        text = f"only {shared} persons are on more than one list; all that is known rests on them"
        reasons.append(Reason("few_shared", text))
    return reasons


def _of_models(around: Sensitivity) -> list[Reason]:
    near = [row for row in around.models if row.difference <= WINDOW]
    low = min(near, key=lambda row: row.estimate, default=None)
    high = max(near, key=lambda row: row.estimate, default=None)
    if low is None or high is None or high.estimate <= WIDEST_FACTOR * low.estimate:
        return []
    text = (
        f"models that fit about equally well differ: {low.model} gives {low.estimate:,.0f} and "
        f"{high.model} gives {high.estimate:,.0f}, with a BIC difference of "
        f"{abs(high.difference - low.difference):.2f}"
    )
    return [Reason("models_disagree", text)]


def _of_path(around: Sensitivity) -> list[Reason]:
    """Return whether the threshold decides, among those anyone would use."""
    starts = [step.above for step in around.path]
    ends = [*starts[1:], 1.0]
    totals = [
        step.estimate
        for step, start, end in zip(around.path, starts, ends, strict=True)
        if step.estimate is not None and start < THRESHOLDS[1] and end >= THRESHOLDS[0]
    ]
    if not totals or max(totals) <= WIDEST_FACTOR * min(totals):
        return []
    text = (
        f"the p-value threshold decides: between {THRESHOLDS[0]} and {THRESHOLDS[1]} the estimate "
        f"goes from {min(totals):,.0f} to {max(totals):,.0f}"
    )
    return [Reason("threshold_decides", text)]


def _of_lists(around: Sensitivity, given: list[Estimate]) -> list[Reason]:
    """Return the lists whose absence moves a method's own estimate too far."""
    whole = {one.name: one.estimate for one in given}
    reasons = []
    for row in around.left_out:
        with_all = whole.get(row.method)
        if with_all is None:
            continue
        if row.estimate is None:
            text = f"without list {row.left_out} {row.method} gives no number: {row.reason}"
            reasons.append(Reason("list_needed", text))
        elif max(row.estimate / with_all, with_all / row.estimate) > WIDEST_FACTOR:
            text = (
                f"one list decides: without {row.left_out} {row.method} gives "
                f"{row.estimate:,.0f} instead of {with_all:,.0f}"
            )
            reasons.append(Reason("list_decides", text))
    return reasons
