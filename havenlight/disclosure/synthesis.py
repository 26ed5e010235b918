"""Synthetic microdata with differential privacy: made-up persons, alike in pairs of codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import opendp.prelude as dp
from numpy.typing import NDArray
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

from havenlight.disclosure.errors import DisclosureError
from havenlight.disclosure.tables import Counts, Variable

LEAST_PERSONS = 1_000
MOST_EPSILON = 3.0
UTILITY_BASE = 25  # persons: errors are told in multiples of it
COUNT_SHARE = 0.1  # of epsilon: it measures how many persons there are, the rest measures tables

Floats = NDArray[np.float64]
Pair = tuple[int, int]

WHAT_IT_IS_NOT = (
    "These persons do not exist. Each is drawn from tables of two variables to which noise was "
    "added; nobody's answers were copied. Counts made from this file are not counts of victims: do "
    "not cite them, do not compare them with the published figures, and do not look for anyone in "
    "them. Whatever needs three variables at once is not in it. Use it to write and try an "
    "analysis, and ask the helpline to run that analysis on the protected tables."
)
"""The statement that goes with every file."""


class TooFewPersons(DisclosureError):
    """Synthesis was refused: there are too few persons for the noise that protects them."""

    def __init__(self, persons: int) -> None:
        """Say how many, how many it takes, and why."""
        super().__init__(
            f"{persons} persons, and synthesis takes {LEAST_PERSONS}: on 285 persons the largest "
            f"error of a marginal was 62 persons in half of them, and up to 118; pool years"
        )
        self.persons = persons


@dataclass(frozen=True)
class Error:
    """How far a synthetic table is from the true one.

    variables: one (a marginal) or two (a pair). largest: of its cells, in persons, rounded up to a
    multiple of UTILITY_BASE. moved: the share of persons who would have to change their cell, 0 to
    1, rounded up to hundredths, or to UTILITY_BASE persons where those are more.
    """

    variables: tuple[str, ...]
    largest: int
    moved: float


@dataclass(frozen=True)
class Synthetic:
    """Made-up persons, and what is to be said of them.

    codes: shape (persons, variables), places in the codes of each variable. `epsilon` is what was
    spent in all, `scale` that of the discrete Laplace noise in each cell. `errors` compare with the
    true tables, which epsilon does not cover: that is why they are told so roughly.
    """

    variables: tuple[Variable, ...]
    codes: Counts
    epsilon: float
    scale: float
    errors: tuple[Error, ...]

    def rows(self) -> list[dict[str, str]]:
        """The persons as rows of codes, in no order that means anything."""
        keys = [one.key for one in self.variables]
        words = [one.codes for one in self.variables]
        return [
            {key: held[at] for key, held, at in zip(keys, words, person, strict=True)}
            for person in self.codes.tolist()
        ]


def synthesise(variables: Sequence[Variable], codes: Counts, epsilon: float = 1.0) -> Synthetic:
    """Make about as many persons as there are, alike in the pairs of codes that matter most.

    Every table of two variables is counted once, and so are all persons, with noise by OpenDP, so
    that one person more or less changes what comes out by a factor of at most e ** epsilon. All the
    rest (which pairs hold together, drawing persons along that tree) uses only what has noise. The
    noise is not made from a seed: no second run gives the same file, and each run spends epsilon
    anew, so keep the file, and keep account.

    codes: shape (persons, variables), places in the codes of each variable; of pooled years.
    Raises TooFewPersons below LEAST_PERSONS, ValueError for an epsilon not in 0 to MOST_EPSILON.
    Source: McKenna, Miklau and Sheldon (2021), "Winning the NIST contest", Journal of Privacy and
    Confidentiality 11(3), which measures a tree of pairs; here all pairs are measured.
    """
    if len(codes) < LEAST_PERSONS:
        raise TooFewPersons(len(codes))
    if not 0 < epsilon <= MOST_EPSILON:
        raise ValueError(f"epsilon {epsilon} is not in 0 to {MOST_EPSILON}")
    persons = _counted(len(codes), COUNT_SHARE * epsilon)
    noisy, scale = _measured(variables, codes, (1 - COUNT_SHARE) * epsilon)
    made = _drawn(noisy, variables, persons, np.random.default_rng())
    return Synthetic(tuple(variables), made, epsilon, scale, _errors(variables, codes, made))


def _counted(persons: int, epsilon: float) -> int:
    """How many persons there are, with noise: an exact number would tell of one who came late."""
    dp.enable_features("contrib")
    space = dp.atom_domain(T="i64"), dp.absolute_distance(T="i64")
    measure = dp.m.make_laplace(*space, scale=1 / epsilon)
    return max(1, int(measure(persons)))


def _measured(
    variables: Sequence[Variable], codes: Counts, epsilon: float
) -> tuple[dict[Pair, Floats], float]:
    """All pair tables with noise, as shares of persons, and the scale of the noise."""
    pairs = list(combinations(range(len(variables)), 2))
    tables = [_table(variables, codes, pair) for pair in pairs]
    # One person is in one cell of each table.
    scale = len(pairs) / epsilon
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
    measure = dp.m.make_laplace(*space, scale=scale)
    spent = measure.map(len(pairs))  # type: ignore[no-untyped-call]  # OpenDP gives no types here
    if spent > epsilon * (1 + 1e-9):
        raise RuntimeError("OpenDP would spend more than epsilon")
    flat = np.array(measure(np.concatenate([table.ravel() for table in tables]).tolist()))
    ends = np.cumsum([table.size for table in tables])[:-1]
    return {
        pair: _shares(part.reshape(table.shape))
        for pair, table, part in zip(pairs, tables, np.split(flat, ends), strict=True)
    }, scale


def _table(variables: Sequence[Variable], codes: Counts, kept: tuple[int, ...]) -> Counts:
    counts = np.zeros([len(variables[at].codes) for at in kept], dtype=np.int64)
    np.add.at(counts, tuple(codes[:, at] for at in kept), 1)
    return counts


def _shares(noisy: NDArray[np.int64]) -> Floats:
    """Shares that are not negative: the nearest such table with the same total."""
    total = max(float(noisy.sum()), 1.0)
    descending = np.sort(noisy.ravel().astype(np.float64))[::-1]
    excess = (np.cumsum(descending) - total) / np.arange(1, descending.size + 1)
    kept = np.flatnonzero(descending > excess)[-1]
    return np.asarray(np.maximum(noisy - excess[kept], 0) / total)


def _drawn(
    noisy: Mapping[Pair, Floats],
    variables: Sequence[Variable],
    persons: int,
    random: np.random.Generator,
) -> Counts:
    """Draw persons along the tree of pairs that tell most of each other."""
    n = len(variables)
    made = np.zeros((persons, n), dtype=np.int64)
    first = np.mean([_marginal(noisy, 0, other) for other in range(1, n)], axis=0)
    made[:, 0] = random.choice(len(first), persons, p=first)
    for child, parent in _tree(noisy, n):
        table = noisy[parent, child] if parent < child else noisy[child, parent].T
        for code in np.unique(made[:, parent]):
            row = table[code] if table[code].sum() > 0 else table.sum(axis=0)
            held = made[:, parent] == code
            made[held, child] = random.choice(len(row), int(held.sum()), p=row / row.sum())
    return made


def _marginal(noisy: Mapping[Pair, Floats], one: int, other: int) -> Floats:
    table = noisy[min(one, other), max(one, other)]
    return np.asarray(table.sum(axis=1 if one < other else 0))


def _tree(noisy: Mapping[Pair, Floats], n: int) -> list[Pair]:
    """Child and parent, from variable 0 on, of the tree with the most mutual information."""
    told = np.zeros((n, n))
    for pair, table in noisy.items():
        apart = np.outer(table.sum(axis=1), table.sum(axis=0))
        ratio = np.divide(table, apart, out=np.ones_like(table), where=(table > 0) & (apart > 0))
        told[pair] = 1e-9 + float((table * np.log(ratio)).sum())
    # The smallest tree of what is lost is the largest of what is told; no edge may be 0.
    tree = minimum_spanning_tree(np.where(told > 0, told.max() + 1.0 - told, 0.0))
    order, parents = breadth_first_order(tree, 0, directed=False)
    return [(int(child), int(parents[child])) for child in order[1:]]


def _errors(variables: Sequence[Variable], true: Counts, made: Counts) -> tuple[Error, ...]:
    places = range(len(variables))
    kept = [*((at,) for at in places), *combinations(places, 2)]
    return tuple(_error(variables, true, made, one) for one in kept)


def _error(
    variables: Sequence[Variable], true: Counts, made: Counts, kept: tuple[int, ...]
) -> Error:
    gap = np.abs(_table(variables, true, kept) - _table(variables, made, kept))
    largest = -(-int(gap.max()) // UTILITY_BASE) * UTILITY_BASE
    step = max(0.01, UTILITY_BASE / len(true))
    moved = min(1.0, np.ceil(gap.sum() / 2 / len(true) / step) * step)
    return Error(tuple(variables[at].key for at in kept), largest, round(float(moved), 4))
