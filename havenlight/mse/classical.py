"""The classical estimates: a model chosen, and an interval that knows it was chosen."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from havenlight.mse.bootstrap import Bootstrap, Estimator, Progress, bootstrap, silent
from havenlight.mse.criteria import TOP_MODELS, Criterion, best_of
from havenlight.mse.errors import NotEstimable
from havenlight.mse.loglinear import Fit, Fits, fit
from havenlight.mse.profile import profile_interval
from havenlight.mse.result import Estimate, Status, no_estimate
from havenlight.mse.search import compare
from havenlight.mse.stepwise import stepwise, stepwise_estimator
from havenlight.mse.table import CaptureTable
from havenlight.mse.terms import Models, main_effects, notation

THRESHOLD = 0.02  # of Chan, Silverman and Vincent (2021)
RESAMPLES = 1000


@dataclass(frozen=True)
class Settings:
    """How intervals are made: what they claim, how many resamples, and from which seed."""

    level: float = 0.95
    resamples: int = RESAMPLES
    seed: int = 1
    max_order: int | None = None
    progress: Progress = silent

    def order_for(self, n_lists: int) -> int:
        """Return the most lists in one term: as set, else 3 for four and five lists, else 2."""
        usual = 3 if n_lists in (4, 5) else 2
        return min(self.max_order or usual, n_lists - 1)

    def reporting(self, name: str) -> Progress:
        """Return a progress that says which method is at work."""
        return partial(_named, progress=self.progress, name=name)


def _named(what: str, share: float, *, progress: Progress, name: str) -> None:
    progress(f"{name}: {what}", share)


@dataclass(frozen=True)
class Choice:
    """A way to choose a model: its name, its criterion, the model for this table, and the rule."""

    name: str
    criterion: str
    model: Models
    estimator: Estimator


def choose_stepwise(table: CaptureTable, threshold: float = THRESHOLD) -> Choice:
    """Choose by p-value; Chan, Silverman and Vincent (2021)."""
    counts = table.dense().astype(np.float64)
    model = stepwise(counts[None, :], threshold).fits.models[0]
    return Choice("stepwise", f"p < {threshold:g}", model, stepwise_estimator(threshold))


def choose_best(table: CaptureTable, criterion: Criterion, max_order: int) -> Choice:
    """Choose by a criterion among all hierarchical models, in resamples among the 20 best.

    Raises NotEstimable when no model has a finite and unique estimate.
    Source: Silverman, Chan and Vincent (2024), Statistics and Computing 34, article 44.
    """
    found = compare(table.dense().astype(np.float64), criterion, max_order)
    if found.scores.size == 0:
        raise NotEstimable(f"none of {found.n_compared} models has a finite and unique estimate")
    top = found.fits.models[:TOP_MODELS]
    return Choice(criterion.lower(), criterion, top[0], best_of(top, criterion))


def choose_independent(table: CaptureTable) -> Choice:
    """Choose the model of independent lists, whatever the data."""
    model = main_effects(table.n_lists)
    return Choice("independent", "none", model, best_of(model[None, :], Criterion.AIC))


def classical_estimate(
    table: CaptureTable, choice: Choice, settings: Settings, drawn: Bootstrap | None = None
) -> Estimate:
    """Estimate with a chosen model; the BCa interval chooses it again in each resample.

    Args:
        drawn: resamples that were already made with the same choice; without it they are made.
    With no resamples the interval is the profile likelihood's, which takes the model as given.
    """
    fits = fit(table.dense()[None, :].astype(np.float64), choice.model[None, :])
    if not fits.fitted[0]:
        reason = Fit(int(fits.state[0])).reason
        return no_estimate(choice.name, Status.NOT_ESTIMABLE, reason, criterion=choice.criterion)
    details = _fixed_model(table, fits, settings.level)
    lower, upper = details["profile"]
    reason = "the interval takes the model as given"
    if settings.resamples:
        drawn = drawn or draw(table, choice, settings)
        lower, upper = map(persons, drawn.bca(settings.level))
        details |= _resampled(drawn, settings)
        reason = _caution(drawn)
    return Estimate(
        choice.name,
        table.n_observed + float(fits.unseen[0]),
        lower,
        upper,
        settings.level,
        notation(choice.model),
        choice.criterion,
        reason=reason,
        details=details,
    )


def draw(
    table: CaptureTable, choice: Choice, settings: Settings, *, seen_varies: bool = False
) -> Bootstrap:
    """Resample a table and choose the model again each time; equal seeds draw alike."""
    rng = np.random.default_rng(settings.seed)
    progress = settings.reporting(choice.name)
    return bootstrap(
        table.dense(),
        choice.estimator,
        settings.resamples,
        rng,
        progress,
        seen_varies=seen_varies,
    )


def persons(value: float) -> float | None:
    """Return an end of an interval, None when there is no finite one."""
    return float(value) if np.isfinite(value) else None


def _fixed_model(table: CaptureTable, fits: Fits, level: float) -> dict[str, Any]:
    """Return the intervals that take the model as given."""
    profile = profile_interval(table.dense().astype(np.float64), fits.models[0], level)
    wald = fits.wald(table.n_observed, level)
    return {
        "profile": [persons(end) for end in profile],
        "wald": [persons(float(end[0])) for end in wald],
    }


def _resampled(drawn: Bootstrap, settings: Settings) -> dict[str, Any]:
    return {
        "percentile": [persons(end) for end in drawn.percentile(settings.level)],
        "acceleration": drawn.acceleration,
        "resamples": settings.resamples,
        "resamples_without_estimate_share": drawn.failed_share,
    }


def _caution(drawn: Bootstrap) -> str:
    if drawn.failed_share == 0:
        return ""
    return f"{drawn.failed_share:.1%} of the resamples have no finite estimate and count as endless"
