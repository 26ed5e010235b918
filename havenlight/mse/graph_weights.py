"""The weight of every decomposable graph at every population size, on a grid."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from havenlight.mse.graphs import decomposable_graphs
from havenlight.mse.table import CaptureTable

GRID_POINTS = 8_000
SKETCH_POINTS = 400
FARTHEST = 1e5  # times the persons observed: the grid ends there at the latest
NEGLIGIBLE = -32.0  # natural logarithm; all 18,154 graphs of six lists below it add under 3e-10
GRAPHS_AT_ONCE = 32  # their weights, 2 MB, stay in the processor's cache
LOST_TAIL = 1e-6  # posterior probability that the chosen grid may leave outside on each side

Floats = NDArray[np.float64]


class SizePrior(StrEnum):
    """What the prior probability of a population size falls off with."""

    TOTAL = "1/N"  # Jeffreys' prior for a size, and the one that R's dga takes by itself
    MISSING = "1/(N - n)"  # by the persons not observed


@dataclass(frozen=True, eq=False)
class DecomposablePosterior:
    """What is believed about the population size after averaging over the graphs.

    `sizes`, in persons, and `probability` have shape (n_grid,). `weights`, which sum to 1, and
    `means`, the expected size in persons if that graph holds, have shape (n_graphs,), in the
    order of `graphs`, which is by falling weight. Graphs that weigh under e**-32 of the heaviest
    are left out.
    """

    sizes: Floats
    probability: Floats
    graphs: tuple[str, ...]
    weights: Floats
    means: Floats

    def mean(self) -> float:
        """Return the expected population size, in persons."""
        return float(self.sizes @ self.probability)

    def quantile(self, share: float) -> float:
        """Return the smallest size on the grid with at least `share` (0 to 1) at or below it."""
        at = np.searchsorted(np.cumsum(self.probability), share)
        return float(self.sizes[min(int(at), len(self.sizes) - 1)])


class Block(NamedTuple):
    """Some graphs, and the stretch of the grid outside which all of them are negligible."""

    graphs: NDArray[np.int64]
    points: slice
    peak: float  # log-weight near the highest of all graphs, so that nothing overflows


class GraphModel:
    """The log-probability of the counts under each graph, by the number of unobserved persons."""

    def __init__(self, table: CaptureTable, prior_count: float, prior: SizePrior) -> None:
        if prior_count <= 0:
            raise ValueError(f"prior count {prior_count:g} is not over 0")
        graphs = decomposable_graphs(table.n_lists)
        self.signs, self._names = graphs.signs, graphs.names
        self._prior = prior
        self._observed = table.n_observed
        self._sets = [
            _marginal(table.dense(), members, prior_count, table.n_lists)
            for members in range(1 << table.n_lists)
        ]

    def log_weights(self, missing: Floats, signs: Floats) -> Floats:
        """Return log p(counts, size | graph) but for a constant, shape (n_graphs, n_grid)."""
        return np.asarray(signs @ self._rows(missing) + self._common(missing))

    def average(self, missing: Floats, blocks: list[Block]) -> DecomposablePosterior:
        """Sum the weights of the graphs over an evenly laid grid, block by block."""
        sizes = missing + self._observed
        rows, common = self._rows(missing), self._common(missing)
        probability = np.zeros(len(missing))
        weights, sums = np.zeros(len(self.signs)), np.zeros(len(self.signs))
        for block in blocks:
            joint = self.signs[block.graphs] @ rows[:, block.points]
            joint += common[block.points] - block.peak
            np.exp(joint, out=joint)
            probability[block.points] += joint.sum(axis=0)
            weights[block.graphs] = joint.sum(axis=1)
            sums[block.graphs] = joint @ sizes[block.points]
        order = np.argsort(-weights, kind="stable")[: np.count_nonzero(weights)]
        return DecomposablePosterior(
            sizes=sizes,
            probability=probability / probability.sum(),
            graphs=tuple(self._names[i] for i in order),
            weights=weights[order] / weights.sum(),
            means=sums[order] / weights[order],
        )

    def _rows(self, missing: Floats) -> Floats:
        """Return what each set of lists adds, shape (2**n_lists, n_grid).

        A row is shared by all graphs that have its set as a clique or a separator, so that a
        graph costs a sum of rows and no gamma function.
        """
        return np.stack([rest + gammaln(missing + seen) for seen, rest in self._sets])

    def _common(self, missing: Floats) -> Floats:
        """Return what all graphs share: the ways to choose the unobserved, and the prior."""
        total = missing + self._observed
        size = total if self._prior is SizePrior.TOTAL else missing
        return np.asarray(gammaln(total + 1) - gammaln(missing + 1) - np.log(size))


def _marginal(dense: NDArray[np.int64], members: int, prior: float, k: int) -> tuple[float, float]:
    """Return what a set of lists adds to the log-likelihood, split by dependence on the size.

    With m persons unobserved the addition is gammaln(m + first) + second: the cell of those
    whom no list of the set saw is the only one that m enters.
    """
    cells = np.arange(1, len(dense) + 1) & members
    counts = np.bincount(cells, dense, minlength=members + 1)
    inside = [cell for cell in range(1, members + 1) if cell & members == cell]
    each = prior * 2.0 ** (k - members.bit_count())
    rest = gammaln(counts[inside] + each).sum() - (len(inside) + 1) * gammaln(each)
    return float(counts[0] + each), float(rest)


def sketch_of(observed: int) -> Floats:
    return np.unique(np.rint(np.geomspace(1, FARTHEST * observed, SKETCH_POINTS)))


def thinned(missing: Floats) -> Floats:
    return missing[:: -(-len(missing) // SKETCH_POINTS)]


def blocks_of(sketch: Floats, rough: Floats, grid: Floats) -> list[Block]:
    """Cut the work so that exp, its dearest part, is taken only where it comes to something."""
    peak = rough.max()
    heavy = np.flatnonzero(rough.max(axis=1) > peak + NEGLIGIBLE)
    heavy = heavy[np.argsort(rough[heavy].argmax(axis=1), kind="stable")]
    blocks = []
    for first in range(0, len(heavy), GRAPHS_AT_ONCE):
        graphs = heavy[first : first + GRAPHS_AT_ONCE]
        alive = np.flatnonzero((rough[graphs] > peak + NEGLIGIBLE).any(axis=0))
        ends = sketch[[max(alive[0] - 1, 0), min(alive[-1] + 1, len(sketch) - 1)]]
        start, stop = np.searchsorted(grid, ends)
        stop = len(grid) if alive[-1] == len(sketch) - 1 else stop
        blocks.append(Block(graphs, slice(int(start), int(stop)), float(peak)))
    return blocks


def grid_of(sketch: Floats, rough: Floats) -> Floats:
    """Lay evenly spaced whole numbers where the sketch found the posterior."""
    shares = (np.exp(rough - rough.max()) * np.gradient(sketch)).sum(axis=0)
    shares /= shares.sum()
    below = np.cumsum(shares)
    first = max(int(np.searchsorted(below, LOST_TAIL)) - 1, 0)
    last = min(int(np.searchsorted(below, 1 - LOST_TAIL)) + 1, len(sketch) - 1)
    return np.unique(np.rint(np.linspace(sketch[first], sketch[last], GRID_POINTS)))
