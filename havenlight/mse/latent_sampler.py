"""Gibbs sampling of the latent class model, all chains and temperatures in one batch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from havenlight.mse.table import CaptureTable

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

START_SHARES = (1.0, 0.5, 0.25, 0.12)  # of the observed capture rates: far apart in size
WARM_UP = 200  # sweeps with the concentration held, after which classes are put by size
EDGE = 1e-12  # keeps logarithms finite
MOST_MISSING = 1e12  # persons; a draw beyond it would overflow the counts


@dataclass(frozen=True)
class Sampling:
    """How the sampler runs.

    Every chain runs at each temperature: the table times each share in `thinning`, rounded, is
    a smaller table under which the chain moves more freely, and neighbours swap states. The
    first share is 1; with (1.0,) alone this is the plain Gibbs sampler.
    """

    n_chains: int = 4
    n_classes: int = 10
    burn_in: int = 14_000
    sweeps: int = 24_000
    thin: int = 5
    thinning: tuple[float, ...] = (1.0, 0.8, 0.65, 0.5, 0.39, 0.29, 0.21, 0.15, 0.1)

    def __post_init__(self) -> None:
        """Raise ValueError for a run that cannot be judged."""
        if self.n_chains < 2 or self.n_classes < 1:
            raise ValueError("fewer than two chains or one class")
        if self.burn_in < 0 or self.thin < 1 or self.sweeps // self.thin < 8:
            raise ValueError("fewer than eight draws a chain")
        if self.thinning[:1] != (1.0,) or min(self.thinning) <= 0:
            raise ValueError("the temperatures do not start at 1, or one is not over 0")


class LatentSampler:
    """The state of all chains: parameters of the latent class model of Manrique-Vallier (2016).

    Each person belongs to one of n_classes classes; within a class the lists are independent.
    Priors: capture rates uniform, class shares by stick-breaking with concentration Gamma(0.25,
    rate 0.25), population size 1/N. Chains run along the first axis of every array: chain r at
    temperature t stands at r * n_temperatures + t.
    """

    def __init__(self, table: CaptureTable, sampling: Sampling, rng: np.random.Generator) -> None:
        self._rng = rng
        self._runs = sampling.n_chains
        self._levels = len(sampling.thinning)
        cells = np.vstack([np.zeros((1, table.n_lists)), table.histories])
        self._cells = np.ascontiguousarray(cells.T)
        self._tables = np.rint(np.outer(sampling.thinning, table.counts)).astype(np.int64)
        self._observed = np.tile(self._tables.sum(axis=1), self._runs)
        self._counts = np.zeros((len(self._observed), cells.shape[0]), dtype=np.int64)
        self._counts[:, 1:] = np.tile(self._tables, (self._runs, 1))
        self._concentration = np.full(len(self._observed), 0.3 / sampling.n_classes)
        self._rates, self._log_shares = self._start(table, sampling.n_classes)
        self._parity = 0
        for _ in range(WARM_UP):
            self._step(swapping=False)
        self._order_classes()

    def sweep(self) -> Counts:
        """Update everything once; return the unobserved persons of each chain at temperature 1."""
        self._step(swapping=self._levels > 1)
        n_classes = self._log_shares.shape[1]
        # The last log-share is the sum of all log(1 - V), which alone informs the concentration.
        rate = 0.25 - self._log_shares[:, -1]
        self._concentration = self._rng.gamma(0.25 + n_classes - 1, 1 / rate)
        return self._counts[:: self._levels, 0].copy()

    def _start(self, table: CaptureTable, n_classes: int) -> tuple[Floats, Floats]:
        """Start each run at its own population size, so that chains must meet to agree."""
        shape = (len(self._observed), n_classes, table.n_lists)
        scale = np.repeat(np.resize(START_SHARES, self._runs), self._levels)
        rates = table.list_totals() / table.n_observed * scale[:, None, None]
        rates = np.clip(rates * self._rng.uniform(0.5, 1.5, shape), 1e-6, 0.999)
        shares = np.where(np.arange(n_classes) < 4, 1.0, 0.1)
        return rates, np.tile(np.log(shares / shares.sum()), (shape[0], 1))

    def _step(self, *, swapping: bool) -> None:
        joint = self._joint()
        cell = joint.sum(axis=1)
        if swapping:
            order = self._swaps(cell)
            joint, cell = joint[order], cell[order]
            self._concentration = self._concentration[order]
        unseen = np.minimum(cell[:, 0], 1 - EDGE)
        odds = self._rng.standard_gamma(self._observed) * unseen / (1 - unseen)
        self._counts[:, 0] = self._rng.poisson(np.minimum(odds, MOST_MISSING))
        members = self._rng.multinomial(self._counts, (joint / cell[:, None, :]).transpose(0, 2, 1))
        self._update(members)

    def _joint(self) -> Floats:
        """Return p(class, history), shape (n_chains, n_classes, n_histories)."""
        absent = np.log1p(-self._rates)
        logs = (np.log(self._rates) - absent) @ self._cells
        logs += (absent.sum(axis=2) + self._log_shares)[:, :, None]
        return np.asarray(np.exp(logs))

    def _swaps(self, cell: Floats) -> NDArray[np.intp]:
        """Exchange neighbouring temperatures by the likelihood of each other's table.

        The likelihood has the population size summed out: every observed history's chance,
        given that some list saw the person.
        """
        unseen = np.minimum(cell[:, 0], 1 - EDGE)
        seen = np.log(cell[:, 1:]) - np.log1p(-unseen)[:, None]
        fit = (seen @ self._tables.T).reshape(self._runs, self._levels, self._levels)
        low = np.arange(self._parity, self._levels - 1, 2)
        self._parity = 1 - self._parity
        gain = fit[:, low, low + 1] + fit[:, low + 1, low]
        gain -= fit[:, low, low] + fit[:, low + 1, low + 1]
        run, pair = np.nonzero(np.log(self._rng.random(gain.shape)) < gain)
        order = np.arange(len(cell)).reshape(self._runs, self._levels)
        order[run, low[pair]] += 1
        order[run, low[pair] + 1] -= 1
        return np.asarray(order.ravel())

    def _update(self, members: Counts) -> None:
        """Draw capture rates and class shares given who is in which class."""
        size = members.sum(axis=1)
        caught = (self._cells @ members).transpose(0, 2, 1)
        rates = self._rng.beta(1 + caught, 1 + size[:, :, None] - caught)
        self._rates = np.clip(rates, EDGE, 1 - EDGE)
        later = size.sum(axis=1, keepdims=True) - np.cumsum(size, axis=1)
        sticks = self._rng.beta(1 + size[:, :-1], self._concentration[:, None] + later[:, :-1])
        sticks = np.clip(sticks, 1e-300, 1 - EDGE)
        self._log_shares = np.zeros(size.shape)
        self._log_shares[:, :-1] = np.log(sticks)
        self._log_shares[:, 1:] += np.cumsum(np.log1p(-sticks), axis=1)

    def _order_classes(self) -> None:
        """Put the large classes first, where stick-breaking expects them."""
        order = np.argsort(-self._log_shares, axis=1)
        self._rates = np.take_along_axis(self._rates, order[:, :, None], axis=1)
        self._log_shares = np.take_along_axis(self._log_shares, order, axis=1)
