"""The whole analysis of one table: every method, what moves it, and what may be said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from havenlight.mse.chapman import chapman_of
from havenlight.mse.classical import (
    Settings,
    choose_best,
    choose_independent,
    choose_stepwise,
    classical_estimate,
)
from havenlight.mse.criteria import Criterion
from havenlight.mse.dga import decomposable_average
from havenlight.mse.errors import MseError, TableRefused
from havenlight.mse.judgement import Judgement, Reason, judge
from havenlight.mse.latent import latent_classes
from havenlight.mse.residuals import Check, check_fit
from havenlight.mse.result import Estimate, Status, Verdict, no_estimate
from havenlight.mse.sensitivity import Sensitivity, sensitivity
from havenlight.mse.table import CaptureTable
from havenlight.mse.terms import parse
from havenlight.mse.threshold import bayes_threshold

Method = Callable[[CaptureTable, Settings], Estimate]


@dataclass(frozen=True)
class Analysis:
    """What was found in one table: never one number alone.

    `sensitivity` and `check` are None with two lists, where nothing can be compared.
    """

    n_observed: int
    lists: tuple[str, ...]
    methods: tuple[Estimate, ...]
    judgement: Judgement
    sensitivity: Sensitivity | None
    check: Check | None
    settings: Settings

    @property
    def verdict(self) -> Verdict:
        """Whether the population is estimable, fragile or not estimable from these lists."""
        return self.judgement.verdict

    def method(self, name: str) -> Estimate:
        """Return what one method answered. Raises KeyError when it was not asked."""
        return {one.name: one for one in self.methods}[name]

    def as_json(self) -> dict[str, Any]:
        """Return what `havenlight estimate --json` prints."""
        return {
            "n_observed": self.n_observed,
            "lists": list(self.lists),
            "methods": [one.as_json() for one in self.methods],
            "verdict": str(self.verdict),
            "reasons": [vars(reason) for reason in self.judgement.reasons],
            "sensitivity": self.sensitivity.as_json() if self.sensitivity else None,
            "check": self.check.as_json() if self.check else None,
            "settings": {
                "level": self.settings.level,
                "resamples": self.settings.resamples,
                "seed": self.settings.seed,
                "max_order": self.settings.order_for(len(self.lists)),
            },
        }


def _by_criterion(criterion: Criterion) -> Method:
    def method(table: CaptureTable, settings: Settings) -> Estimate:
        order = settings.order_for(table.n_lists)
        return classical_estimate(table, choose_best(table, criterion, order), settings)

    return method


def _independent(table: CaptureTable, settings: Settings) -> Estimate:
    return classical_estimate(table, choose_independent(table), settings)


def _stepwise(table: CaptureTable, settings: Settings) -> Estimate:
    return classical_estimate(table, choose_stepwise(table), settings)


def _threshold(table: CaptureTable, settings: Settings) -> Estimate:
    return bayes_threshold(table, seed=settings.seed, level=settings.level)


def _decomposable(table: CaptureTable, settings: Settings) -> Estimate:
    return decomposable_average(table, level=settings.level)


def _latent(table: CaptureTable, settings: Settings) -> Estimate:
    report = partial(settings.progress, "latent_classes: sampling")
    return latent_classes(table, seed=settings.seed, level=settings.level, progress=report)


def _chapman(table: CaptureTable, settings: Settings) -> Estimate:
    return chapman_of(table, level=settings.level)


METHODS: dict[str, Method] = {
    "stepwise": _stepwise,
    "bic": _by_criterion(Criterion.BIC),
    "aic": _by_criterion(Criterion.AIC),
    "aicc": _by_criterion(Criterion.AICC),
    "independent": _independent,
    "bayes_threshold": _threshold,
    "dga": _decomposable,
    "latent_classes": _latent,
    "chapman": _chapman,
}
USUAL = ("stepwise", "bic", "bayes_threshold", "dga", "latent_classes")


def estimate(
    table: CaptureTable, methods: Sequence[str] | None = None, settings: Settings | None = None
) -> Analysis:
    """Estimate how many persons there are, by several methods, and judge how far they hold.

    Args:
        methods: names out of METHODS; without it the usual five, or Chapman for two lists. At two
            lists no other method is tried, since nothing can be chosen or tested.
        settings: level, resamples, seed, largest term, and where to report progress.
    A method that has no number says so in its status and reason; nothing is raised for it. Raises
    KeyError for a method that is not there.
    """
    settings = settings or Settings()
    names = ("chapman",) if table.n_lists == 2 else tuple(methods or USUAL)
    asked = {name: METHODS[name] for name in names}
    try:
        table.check_overlaps()
    except TableRefused as refusal:
        return _refused(table, names, str(refusal), settings)
    answers = []
    for number, (name, method) in enumerate(asked.items()):
        settings.progress(name, number / len(asked))
        answers.append(_ask(name, method, table, settings))
    around, check = None, None
    if table.n_lists > 2:
        settings.progress("sensitivity", 1.0)
        around = sensitivity(table, settings.order_for(table.n_lists), settings.level)
        check = _check_best(table, around, settings.seed)
    judgement = judge(table, answers, around, check)
    return Analysis(
        table.n_observed, table.lists, tuple(answers), judgement, around, check, settings
    )


def _ask(name: str, method: Method, table: CaptureTable, settings: Settings) -> Estimate:
    try:
        return replace(method(table, settings), name=name)
    except MseError as refusal:
        return no_estimate(name, Status.NOT_ESTIMABLE, str(refusal))


def _check_best(table: CaptureTable, around: Sensitivity, seed: int) -> Check | None:
    if not around.models:
        return None
    return check_fit(table, np.asarray(parse(around.models[0].model, table.n_lists)), seed)


def _refused(
    table: CaptureTable, names: Sequence[str], reason: str, settings: Settings
) -> Analysis:
    answers = tuple(no_estimate(name, Status.NOT_ESTIMABLE, reason) for name in names)
    judgement = Judgement(Verdict.NOT_ESTIMABLE, (Reason("no_overlap", reason),))
    return Analysis(table.n_observed, table.lists, answers, judgement, None, None, settings)
