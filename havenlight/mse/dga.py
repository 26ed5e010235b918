"""Estimates averaged over all decomposable graphs, with a hyper-Dirichlet prior."""

import numpy as np

from havenlight.mse.errors import NotEstimable, TableRefused
from havenlight.mse.graph_weights import (
    DecomposablePosterior,
    Floats,
    GraphModel,
    SizePrior,
    blocks_of,
    grid_of,
    sketch_of,
    thinned,
)
from havenlight.mse.graphs import FEWEST_LISTS, MOST_LISTS
from havenlight.mse.result import Estimate, Status, no_estimate
from havenlight.mse.table import CaptureTable

NAME = "dga"
MOST_UNSAID = 0.5  # weight of the complete graph over which the prior, not the data, answers
LIKELY = 0.05  # weight from which a graph's own answer is worth a word


def decomposable_posterior(
    table: CaptureTable,
    *,
    prior_count: float | None = None,
    prior: SizePrior = SizePrior.TOTAL,
    missing: Floats | None = None,
) -> DecomposablePosterior:
    """Average the population size over every decomposable graph on 3 to 6 lists.

    Args:
        prior_count: prior persons in each cell of the full table, over 0; 2**-k when None.
        prior: of the population size. All graphs are equally likely beforehand.
        missing: rising numbers of unobserved persons (1 or more) to consider, each standing for
            itself; when None a grid is laid that holds all but 2e-6 of the posterior up to
            100,000 times the persons observed.
    Raises NotEstimable when the lists are too few or too many, or one shares nobody with the
    others; ValueError when an argument is outside its range.
    Assumes a closed population, independence given the graph, no person counted twice, and at
    least one person whom no list saw: with none allowed, the complete graph gains much weight.
    Source: Madigan and York (1997), Biometrika 84, 19-31; hyper-Dirichlet prior after Dawid and
    Lauritzen (1993), Annals of Statistics 21, 1272-1317.
    """
    check_lists(table)
    if missing is not None and (missing[0] < 1 or (np.diff(missing) <= 0).any()):
        raise ValueError("the numbers of unobserved persons do not rise from 1 or more")
    model = GraphModel(table, 2.0**-table.n_lists if prior_count is None else prior_count, prior)
    sketch = sketch_of(table.n_observed) if missing is None else thinned(missing)
    rough = model.log_weights(sketch, model.signs)
    grid = grid_of(sketch, rough) if missing is None else missing
    return model.average(grid, blocks_of(sketch, rough, grid))


def decomposable_average(
    table: CaptureTable,
    *,
    level: float = 0.95,
    prior_count: float | None = None,
    prior: SizePrior = SizePrior.TOTAL,
    missing: Floats | None = None,
) -> Estimate:
    """Estimate the population size as the posterior median over all decomposable graphs.

    Takes what `decomposable_posterior` takes. The interval has equal tails and posterior
    probability `level`. What cannot be estimated comes back with its status and reason.
    """
    try:
        posterior = decomposable_posterior(
            table, prior_count=prior_count, prior=prior, missing=missing
        )
    except NotEstimable as refusal:
        few = not FEWEST_LISTS <= table.n_lists <= MOST_LISTS
        status = Status.NOT_APPLICABLE if few else Status.NOT_ESTIMABLE
        return no_estimate(NAME, status, str(refusal))
    if (unsaid := complete_weight(posterior)) > MOST_UNSAID:
        return no_estimate(NAME, Status.NOT_ESTIMABLE, _unsaid(unsaid))
    return Estimate(
        name=NAME,
        estimate=posterior.quantile(0.5),
        lower=posterior.quantile((1 - level) / 2),
        upper=posterior.quantile((1 + level) / 2),
        level=level,
        model=posterior.graphs[0],
        criterion=f"posterior median, prior {prior}",
        reason=_caution(posterior),
        details=_details(posterior),
    )


def over_priors(table: CaptureTable, *, level: float = 0.95) -> dict[str, Estimate]:
    """Return the same estimate under other priors, by a description of the prior.

    A fourth and four times the usual prior persons a cell, and the other prior of the size. What
    differs widely here was decided by the prior and not by the lists.
    """
    usual = 2.0**-table.n_lists
    choices = [(usual, SizePrior.TOTAL), (usual, SizePrior.MISSING)]
    choices += [(usual / 4, SizePrior.TOTAL), (usual * 4, SizePrior.TOTAL)]
    return {
        f"{count:g} prior persons a cell, size {prior}": decomposable_average(
            table, level=level, prior_count=count, prior=prior
        )
        for count, prior in choices
    }


def check_lists(table: CaptureTable) -> None:
    """Raise NotEstimable unless the graphs on these lists can be averaged over."""
    if table.n_lists < FEWEST_LISTS:
        raise NotEstimable(f"{table.n_lists} lists; dependence shows from {FEWEST_LISTS} lists on")
    if table.n_lists > MOST_LISTS:
        raise NotEstimable(f"{table.n_lists} lists; graphs are averaged over up to {MOST_LISTS}")
    try:
        table.check_overlaps()
    except TableRefused as refusal:
        raise NotEstimable(str(refusal)) from refusal


def complete_weight(posterior: DecomposablePosterior) -> float:
    """Return the weight (0 to 1) of the graph in which every list depends on every other.

    Under it the observed counts say nothing about the persons that no list saw, so that the
    size follows from the prior alone, and lists that hardly overlap raise its weight.
    """
    complete = [
        weight
        for name, weight in zip(posterior.graphs, posterior.weights, strict=True)
        if "," not in name
    ]
    return float(sum(complete))


def _unsaid(weight: float) -> str:
    return (
        f"the graph that ties all lists together has {weight:.0%} of the weight, and under it "
        "these counts say nothing about the persons that no list saw"
    )


def _caution(posterior: DecomposablePosterior) -> str:
    """Say so when likely graphs differ by half or more, or when one of them leans on the prior."""
    likely = posterior.means[posterior.weights > LIKELY]
    words = []
    if len(likely) and likely.max() > 1.5 * likely.min():
        words.append(
            f"graphs with over {LIKELY:.0%} of the weight each say {likely.min():,.0f} "
            f"to {likely.max():,.0f} persons"
        )
    if (unsaid := complete_weight(posterior)) > LIKELY:
        words.append(_unsaid(unsaid))
    return "; ".join(words)


def _details(posterior: DecomposablePosterior) -> dict[str, object]:
    top = zip(posterior.graphs[:10], posterior.weights, posterior.means, strict=False)
    return {
        "mean": posterior.mean(),
        "graphs": [{"model": g, "weight": float(w), "mean": float(m)} for g, w, m in top],
    }
