"""Estimates for strata, such as years, and a total whose interval is right."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from havenlight.mse.bootstrap import Bootstrap
from havenlight.mse.classical import (
    Choice,
    Settings,
    choose_best,
    choose_stepwise,
    classical_estimate,
    draw,
    persons,
)
from havenlight.mse.criteria import Criterion
from havenlight.mse.errors import MseError
from havenlight.mse.read import StratifiedTable, Stratum
from havenlight.mse.result import Estimate, Status, no_estimate
from havenlight.mse.table import CaptureTable

TOTAL = "total"


@dataclass(frozen=True)
class StrataAnalysis:
    """An estimate for each stratum and one for all of them together, in persons."""

    columns: tuple[str, ...]
    n_observed: int
    strata: Mapping[Stratum, Estimate]
    total: Estimate

    def as_json(self) -> dict[str, Any]:
        """Return what `havenlight estimate --strata --json` prints."""
        rows = [
            {"stratum": dict(zip(self.columns, stratum, strict=True)), **one.as_json()}
            for stratum, one in self.strata.items()
        ]
        return {"n_observed": self.n_observed, "strata": rows, "total": self.total.as_json()}


def estimate_strata(
    tables: StratifiedTable, method: str = "stepwise", settings: Settings | None = None
) -> StrataAnalysis:
    """Estimate each stratum on its own, and the total from their resamples together.

    Args:
        method: "stepwise", or "aic", "aicc" or "bic".
        settings: at least one resample, since the total's interval rests on them.
    Strata may have different lists. The persons of each stratum are drawn again within it, and a
    resample of the total is the sum of one resample from each; so the total's interval is neither
    the sum of the ends nor assumes that the strata resemble each other. When a stratum has no
    estimate the total has none either, and its reason names the stratum.
    Source: Efron and Tibshirani (1993), sections 8.3 and 14.3.
    """
    settings = settings or Settings()
    estimates: dict[Stratum, Estimate] = {}
    drawn: dict[Stratum, Bootstrap] = {}
    seeds = np.random.SeedSequence(settings.seed).generate_state(len(tables.tables)).tolist()
    for (stratum, table), seed in zip(tables.tables.items(), seeds, strict=True):
        own = replace(settings, seed=seed)
        try:
            table.check_overlaps()
            choice = _choose(table, method, own)
        except MseError as refusal:
            estimates[stratum] = no_estimate(method, Status.NOT_ESTIMABLE, str(refusal))
            continue
        estimates[stratum] = classical_estimate(table, choice, own)
        if estimates[stratum].status is Status.ESTIMATED:
            drawn[stratum] = draw(table, choice, own)
    total = _total(estimates, drawn, settings)
    return StrataAnalysis(tables.columns, tables.n_observed, estimates, total)


def _choose(table: CaptureTable, method: str, settings: Settings) -> Choice:
    if method == "stepwise":
        return choose_stepwise(table)
    criterion = {one.lower(): one for one in Criterion}[method]
    return choose_best(table, criterion, settings.order_for(table.n_lists))


def _total(
    estimates: Mapping[Stratum, Estimate], drawn: Mapping[Stratum, Bootstrap], settings: Settings
) -> Estimate:
    missing = [stratum for stratum in estimates if stratum not in drawn]
    if missing:
        named = "; ".join(f"{' '.join(one)}: {estimates[one].reason}" for one in missing)
        return no_estimate(TOTAL, Status.NOT_ESTIMABLE, f"no estimate for {named}")
    together = Bootstrap(
        estimate=sum(one.estimate for one in drawn.values()),
        replicates=np.sum([one.replicates for one in drawn.values()], axis=0),
        influence=np.concatenate([one.influence for one in drawn.values()]),
        weights=np.concatenate([one.weights for one in drawn.values()]),
    )
    lower, upper = together.bca(settings.level)
    return Estimate(
        TOTAL, together.estimate, persons(lower), persons(upper), settings.level, "sum of strata"
    )
