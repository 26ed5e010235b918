"""How far the answer moves with the model, the threshold, and each list."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from havenlight.mse.classical import choose_best, choose_stepwise
from havenlight.mse.criteria import Criterion
from havenlight.mse.errors import MseError
from havenlight.mse.loglinear import fit
from havenlight.mse.search import Comparison, compare
from havenlight.mse.stepwise import threshold_path
from havenlight.mse.table import CaptureTable
from havenlight.mse.terms import Models, notation

MODELS_SHOWN = 40


@dataclass(frozen=True)
class ModelRow:
    """One model's answer, in persons, with the interval that takes the model as given.

    `difference` is how far its BIC is above the best one's; `weight` its share, 0 to 1.
    """

    model: str
    estimate: float
    lower: float
    upper: float
    bic: float
    difference: float
    weight: float


@dataclass(frozen=True)
class PathStep:
    """The model and the estimate, in persons, for p-value thresholds from `above` to the next."""

    above: float
    model: str
    estimate: float | None


@dataclass(frozen=True)
class LeftOut:
    """The estimate of all persons, in persons, when one list is not used, by two methods."""

    left_out: str
    method: str
    estimate: float | None
    model: str
    reason: str


@dataclass(frozen=True)
class Sensitivity:
    """All that moves the answer; `models` are the best ones first."""

    models: tuple[ModelRow, ...]
    n_compared: int
    n_without_estimate: int
    path: tuple[PathStep, ...]
    left_out: tuple[LeftOut, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the sensitivity for JSON."""
        return {
            "models": [vars(row) for row in self.models],
            "models_compared": self.n_compared,
            "models_without_estimate": self.n_without_estimate,
            "threshold_path": [vars(step) for step in self.path],
            "left_out": [vars(row) for row in self.left_out],
        }


def sensitivity(table: CaptureTable, max_order: int, level: float) -> Sensitivity:
    """Compare all models by BIC, follow the threshold path, and leave out each list in turn."""
    found = compare(table.dense().astype(np.float64), Criterion.BIC, max_order)
    return Sensitivity(
        models=_rows(table, found, level),
        n_compared=found.n_compared,
        n_without_estimate=found.n_without_estimate,
        path=_path(table),
        left_out=_without_each(table, max_order),
    )


def _rows(table: CaptureTable, found: Comparison, level: float) -> tuple[ModelRow, ...]:
    best = found.fits.take(np.arange(min(MODELS_SHOWN, found.scores.size)))
    lower, upper = best.wald(table.n_observed, level)
    return tuple(
        ModelRow(
            model=notation(best.models[i]),
            estimate=table.n_observed + float(best.unseen[i]),
            lower=float(lower[i]),
            upper=float(upper[i]),
            bic=float(found.scores[i]),
            difference=float(found.scores[i] - found.scores[0]),
            weight=float(found.weights[i]),
        )
        for i in range(len(best.state))
    )


def _path(table: CaptureTable) -> tuple[PathStep, ...]:
    counts = table.dense().astype(np.float64)
    steps = threshold_path(counts)
    totals = [_total(table, model) for _, model in steps]
    return tuple(
        PathStep(above, notation(model), total)
        for (above, model), total in zip(steps, totals, strict=True)
    )


def _total(table: CaptureTable, model: Models) -> float | None:
    fits = fit(table.dense()[None, :].astype(np.float64), model[None, :])
    return table.n_observed + float(fits.unseen[0]) if fits.fitted[0] else None


def _without_each(table: CaptureTable, max_order: int) -> tuple[LeftOut, ...]:
    """Estimate without each list; persons seen by that list alone are then among the unseen."""
    if table.n_lists < 3:
        return ()
    return tuple(
        row for name in table.lists for row in _without(table.without(name), name, max_order)
    )


def _without(table: CaptureTable, name: str, max_order: int) -> tuple[LeftOut, LeftOut]:
    try:
        table.check_overlaps()
        order = min(max_order, table.n_lists - 1)
        chosen = choose_best(table, Criterion.BIC, order), choose_stepwise(table)
    except MseError as refusal:
        missing = (LeftOut(name, method, None, "", str(refusal)) for method in ("bic", "stepwise"))
        return next(missing), next(missing)
    first, second = (
        LeftOut(name, choice.name, _total(table, choice.model), notation(choice.model), "")
        for choice in chosen
    )
    return first, second
