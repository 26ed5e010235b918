"""Whether a model that was chosen could have given the table that was seen."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import xlogy

from havenlight.mse.loglinear import Floats, fit
from havenlight.mse.table import CaptureTable, cells_of
from havenlight.mse.terms import Models, notation

SIMULATIONS = 500
LARGEST_SHOWN = 5


@dataclass(frozen=True)
class Residual:
    """One history: who saw these persons, how many there were, how many the model expects."""

    history: str
    observed: int
    expected: float
    pearson: float


@dataclass(frozen=True)
class Check:
    """How well a model gives back the table it was fitted to.

    `deviance` is over the cells; `p_value` the share of tables simulated from the model, and
    fitted again, that lie at least as far from it; `largest` the histories it fits worst.
    """

    model: str
    deviance: float
    p_value: float
    simulations: int
    largest: tuple[Residual, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the check for JSON."""
        shown = [vars(residual) for residual in self.largest]
        return vars(self) | {"largest": shown}


def check_fit(table: CaptureTable, model: Models, seed: int) -> Check:
    """Simulate tables from a fitted model and compare their distance with the observed one.

    Args:
        model: shape (2**k,), one that has an estimate for this table.
    The reference distribution is simulated because the cells are too sparse for chi-square.
    Source: Efron and Tibshirani (1993), section 16.4; deviance after McCullagh and Nelder (1989).
    """
    counts = table.dense().astype(np.float64)
    means = fit(counts[None, :], model[None, :]).means
    rng = np.random.default_rng(seed)
    simulated = rng.poisson(means[0], (SIMULATIONS, counts.size)).astype(np.float64)
    again = fit(simulated, model[None, :])
    distances = _deviance(simulated, again.means)[again.fitted]
    seen = float(_deviance(counts[None, :], means)[0])
    extreme = int((distances >= seen).sum())
    return Check(
        model=notation(model),
        deviance=seen,
        p_value=(extreme + 1) / (distances.size + 1),
        simulations=int(distances.size),
        largest=_largest(table, counts, means[0]),
    )


def _deviance(counts: Floats, means: Floats) -> Floats:
    ratio = counts / np.where(means > 0, means, 1.0)
    return np.asarray(2 * (xlogy(counts, np.where(counts > 0, ratio, 1)) - counts + means).sum(1))


def _largest(table: CaptureTable, counts: Floats, means: Floats) -> tuple[Residual, ...]:
    pearson = (counts - means) / np.sqrt(np.where(means > 0, means, 1.0))
    worst = np.argsort(-np.abs(pearson), kind="stable")[:LARGEST_SHOWN]
    histories = cells_of(table.n_lists)
    return tuple(
        Residual(
            history="+".join(name for j, name in enumerate(table.lists) if histories[cell, j]),
            observed=int(counts[cell]),
            expected=float(means[cell]),
            pearson=float(pearson[cell]),
        )
        for cell in worst
    )
