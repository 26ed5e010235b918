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
from havenlight.mse.errors import MseError, NotEstimable
from havenlight.mse.judgement import Judgement, Reason, method_reasons, table_reasons
from havenlight.mse.pooling import Pooled, pool
from havenlight.mse.read import StratifiedTable, Stratum
from havenlight.mse.result import Estimate, Status, Verdict, no_estimate
from havenlight.mse.table import CaptureTable

TOTAL = "total"


@dataclass(frozen=True)
class StrataAnalysis:
    """An estimate for each stratum and one for all of them together, in persons.

    `pooled` are the same strata after they have borrowed from each other, None when fewer than
    three have an interval; it stands beside the separate estimates and does not replace them.
    """

    columns: tuple[str, ...]
    n_observed: int
    strata: Mapping[Stratum, Estimate]
    total: Estimate
    judgement: Judgement
    pooled: Pooled | None

    def as_json(self) -> dict[str, Any]:
        """Return what `havenlight estimate --strata --json` prints."""
        rows = [
            {"stratum": dict(zip(self.columns, stratum, strict=True)), **one.as_json()}
            for stratum, one in self.strata.items()
        ]
        return {
            "n_observed": self.n_observed,
            "strata": rows,
            "total": self.total.as_json(),
            "pooled": self._pooled_json(),
            "verdict": str(self.judgement.verdict),
            "reasons": [vars(reason) for reason in self.judgement.reasons],
        }

    def _pooled_json(self) -> dict[str, Any] | None:
        if self.pooled is None:
            return None
        strata = {name: one.as_json() for name, one in self.pooled.strata.items()}
        total = self.pooled.total.as_json()
        return {"strata": strata, "total": total, "spread": self.pooled.spread}


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
            estimates[stratum] = replace(
                no_estimate(method, Status.NOT_ESTIMABLE, str(refusal)), level=settings.level
            )
            continue
        resampled = draw(table, choice, own, seen_varies=True)
        estimates[stratum] = classical_estimate(table, choice, own, resampled)
        if estimates[stratum].status is Status.ESTIMATED:
            drawn[stratum] = resampled
    total = _total(estimates, drawn, settings)
    judgement = _judge(tables, estimates, total)
    pooled = _pool(tables, estimates, settings.seed)
    return StrataAnalysis(tables.columns, tables.n_observed, estimates, total, judgement, pooled)


def _pool(
    tables: StratifiedTable, estimates: Mapping[Stratum, Estimate], seed: int
) -> Pooled | None:
    """Return the partially pooled strata, None where there are too few to pool."""
    named = {" ".join(stratum): one for stratum, one in estimates.items()}
    observed = {" ".join(stratum): table.n_observed for stratum, table in tables.tables.items()}
    try:
        return pool(named, observed, seed=seed)
    except NotEstimable:
        return None


def _choose(table: CaptureTable, method: str, settings: Settings) -> Choice:
    if method == "stepwise":
        return choose_stepwise(table)
    criterion = {one.lower(): one for one in Criterion}[method]
    return choose_best(table, criterion, settings.order_for(table.n_lists))


def _judge(
    tables: StratifiedTable, estimates: Mapping[Stratum, Estimate], total: Estimate
) -> Judgement:
    """Gather what the strata warn of, each by name, and what the total itself does."""
    reasons = []
    for stratum, one in estimates.items():
        own = table_reasons(tables.tables[stratum])
        if one.estimate is None:
            own.append(Reason("no_estimate", one.reason))
        else:
            own += method_reasons([one])
        named = " ".join(stratum)
        reasons += [Reason(reason.code, f"{named}: {reason.text}") for reason in own]
    if total.estimate is None or total.upper is None:
        return Judgement(Verdict.NOT_ESTIMABLE, tuple(reasons))
    reasons += method_reasons([total])
    return Judgement(Verdict.FRAGILE if reasons else Verdict.ESTIMABLE, tuple(reasons))


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
