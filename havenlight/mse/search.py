"""Which models are compared: all hierarchical ones up to five lists, found by search beyond."""

from dataclasses import dataclass

import numpy as np

from havenlight.mse.criteria import Criterion, scores, weights
from havenlight.mse.loglinear import Fits, Floats, fit
from havenlight.mse.stepwise import stepwise
from havenlight.mse.terms import (
    Models,
    all_pairs,
    hierarchical_models,
    main_effects,
    neighbours,
    pair_terms,
)

MOST_LISTS_FOR_ALL = 5
WINDOW = 6.0  # in the criterion: a model outside it has a twentieth of the best one's weight
MOST_MODELS = 20_000
MANY_LISTS = 6  # with more, fewer starts: each walk is long by itself


@dataclass(frozen=True, eq=False)
class Comparison:
    """Models with an estimate, best first: their fits, scores (n,) and weights (n,).

    `n_compared` counts all that were tried, `n_without_estimate` those among them whose estimate
    is not finite or not unique; these are not in the fits. `complete` tells whether every
    hierarchical model was tried, or only those met by the search.
    """

    fits: Fits
    scores: Floats
    weights: Floats
    n_compared: int
    n_without_estimate: int
    complete: bool


def compare(counts: Floats, criterion: Criterion, max_order: int) -> Comparison:
    """Fit the hierarchical models of a table and put them in order of the criterion.

    Args:
        counts: persons per cell, shape (2**k - 1,).
        max_order: the most lists in one term.
    """
    n_lists = (counts.size + 1).bit_length() - 1
    complete = n_lists <= MOST_LISTS_FOR_ALL
    if complete:
        models = hierarchical_models(n_lists, max_order)
    else:
        models = search(counts, criterion, max_order)
    fits = fit(counts[None, :], models)
    values = scores(fits, int(counts.sum()), criterion)
    order = np.argsort(values, kind="stable")[: int(fits.fitted.sum())]
    values = values[order]
    shares = weights(values) if values.size else values
    missing = len(models) - order.size
    return Comparison(fits.take(order), values, shares, len(models), missing, complete)


def search(counts: Floats, criterion: Criterion, max_order: int) -> Models:
    """Return every model met on the way to the best ones, shape (n, 2**k).

    From each of its starts the walk tries all models that differ by one term and goes to the best,
    until none is better. Good models may lie in several valleys that tell of very different
    numbers, so there are many starts, the same ones in each call. Then the neighbours of all models
    in Occam's window are tried, until it holds no untried neighbour.
    Source of the window: Madigan and Raftery (1994), JASA 89, p. 1535.
    """
    walk = _Walk(counts, criterion, max_order)
    for start in _starts(counts):
        walk.descend(start)
    walk.widen()
    return np.array([np.frombuffer(model, dtype=np.bool_) for model in walk.met])


def _starts(counts: Floats) -> list[Models]:
    """Return no pair, every pair, what two thresholds choose, each pair alone, and random sets."""
    n_lists = (counts.size + 1).bit_length() - 1
    none, pairs = main_effects(n_lists), np.array(pair_terms(n_lists))
    chosen = [stepwise(counts[None, :], at).fits.models[0] for at in (0.02, 0.2)]
    few = n_lists <= MANY_LISTS
    alone = np.eye(pairs.size, dtype=np.bool_)[: pairs.size if few else 0]
    mixed = np.random.default_rng(0).random((20 if few else 5, pairs.size)) < 0.4
    starts = [none, all_pairs(n_lists), *chosen]
    for members in np.concatenate([alone, mixed]):
        start = none.copy()
        start[pairs[members]] = True
        starts.append(start)
    return starts


class _Walk:
    """The models met so far with their scores, and those whose neighbours have been tried."""

    def __init__(self, counts: Floats, criterion: Criterion, max_order: int) -> None:
        self.counts, self.criterion, self.max_order = counts, criterion, max_order
        self.n_lists = (counts.size + 1).bit_length() - 1
        self.met: dict[bytes, float] = {}
        self.expanded: set[bytes] = set()

    def meet(self, models: Models) -> None:
        """Score the models not met before, in one batch."""
        new = {model.tobytes(): model for model in models if model.tobytes() not in self.met}
        if new:
            fits = fit(self.counts[None, :], np.array(list(new.values())))
            values = scores(fits, int(self.counts.sum()), self.criterion)
            self.met.update(zip(new, values.tolist(), strict=True))

    def expand(self, model: bytes) -> Models:
        """Return the neighbours of a model, all of them scored."""
        here = np.frombuffer(model, dtype=np.bool_)
        around = neighbours(here, self.n_lists, self.max_order)
        self.meet(around)
        self.expanded.add(model)
        return around

    def descend(self, start: Models) -> None:
        """Go from model to better neighbour until there is none."""
        self.meet(start[None, :])
        here = start.tobytes()
        while here not in self.expanded:
            around = [model.tobytes() for model in self.expand(here)]
            here = min([here, *around], key=self.met.__getitem__)

    def widen(self) -> None:
        """Try the neighbours of every model in the window."""
        while len(self.met) < MOST_MODELS:
            edge = min(self.met.values()) + WINDOW
            inside = [m for m, value in self.met.items() if value <= edge]
            waiting = [m for m in inside if m not in self.expanded]
            if not waiting:
                return
            for model in waiting:
                self.expand(model)
