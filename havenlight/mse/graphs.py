"""Decomposable graphs on a few lists: which lists may depend on each other, and how."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

FEWEST_LISTS = 3
MOST_LISTS = 6  # 18,154 graphs; seven lists have 617,675 and need sampling instead


@dataclass(frozen=True, eq=False)
class Graphs:
    """All decomposable graphs on `n_lists` lists.

    `signs` has shape (n_graphs, 2**n_lists). Column m belongs to the set of lists whose bits are
    set in m and holds how often the set is a clique of the graph minus how often it is a
    separator. The empty set separates what is not connected. `names` writes each graph by its
    cliques, lists by number from 1: [12,23,4].
    """

    n_lists: int
    signs: NDArray[np.float64]
    names: tuple[str, ...]


@lru_cache(maxsize=4)
def decomposable_graphs(n_lists: int) -> Graphs:
    """Return all decomposable graphs on 3 to 6 lists (8, 61, 822 and 18,154 of them).

    Raises ValueError for other numbers of lists. A graph is decomposable when its vertices can be
    taken away one by one, each with neighbours that all know each other (Fulkerson and Gross
    1965, Pacific Journal of Mathematics 15, 835-855); the sets met on the way are its cliques and
    separators.
    """
    if not FEWEST_LISTS <= n_lists <= MOST_LISTS:
        raise ValueError(f"{n_lists} lists, outside {FEWEST_LISTS} to {MOST_LISTS}")
    rows = []
    names = []
    for edges in range(1 << (n_lists * (n_lists - 1) // 2)):
        steps = _eliminate(_neighbours(edges, n_lists))
        if steps is not None:
            rows.append(_signs(steps, n_lists))
            names.append(_name([clique for clique, _ in steps]))
    return Graphs(n_lists, np.array(rows, dtype=np.float64), tuple(names))


def _neighbours(edges: int, n_lists: int) -> list[int]:
    """Return for each list the set of its neighbours, when bit e of `edges` is the e-th pair."""
    neighbours = [0] * n_lists
    for number, (one, other) in enumerate(combinations(range(n_lists), 2)):
        if edges >> number & 1:
            neighbours[one] |= 1 << other
            neighbours[other] |= 1 << one
    return neighbours


def _eliminate(neighbours: list[int]) -> list[tuple[int, int]] | None:
    """Take simplicial vertices away one by one; None when that gets stuck on a chordless cycle.

    Each step gives the vertex with its remaining neighbours, and those neighbours alone. A step
    whose first set lies within a later one cancels against that later step's separator.
    """
    remaining = (1 << len(neighbours)) - 1
    steps = []
    while remaining:
        step = _simplicial_step(neighbours, remaining)
        if step is None:
            return None
        clique, separator = step
        steps.append(step)
        remaining &= ~(clique & ~separator)
    return steps


def _simplicial_step(neighbours: list[int], remaining: int) -> tuple[int, int] | None:
    for vertex, around in enumerate(neighbours):
        near = around & remaining
        if remaining >> vertex & 1 and _complete(neighbours, near):
            return near | 1 << vertex, near
    return None


def _complete(neighbours: list[int], members: int) -> bool:
    return all(
        not members & ~(around | 1 << vertex)
        for vertex, around in enumerate(neighbours)
        if members >> vertex & 1
    )


def _signs(steps: list[tuple[int, int]], n_lists: int) -> list[int]:
    signs = [0] * (1 << n_lists)
    for clique, separator in steps:
        signs[clique] += 1
        signs[separator] -= 1
    return signs


def _name(cliques: list[int]) -> str:
    largest = [c for c in cliques if not any(c != d and c & d == c for d in cliques)]
    words = ["".join(str(j + 1) for j in range(MOST_LISTS) if c >> j & 1) for c in largest]
    return f"[{','.join(sorted(words))}]"
