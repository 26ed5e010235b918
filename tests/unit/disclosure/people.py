"""Made-up persons for tables: a seed, codes that are ever rarer, and no two alike by design."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from havenlight.disclosure import Table, Variable

SKEW = np.array([0.5, 0.25, 0.13, 0.08, 0.04])


def variable(key: str, n_codes: int = 5, **more: object) -> Variable:
    """A variable with codes such as a0, a1; a0 is the commonest."""
    return Variable(key, tuple(f"{key}{at}" for at in range(n_codes)), **more)


def persons(n: int, variables: list[Variable], seed: int) -> NDArray[np.int64]:
    """Draw the code of each variable for n persons, shape (n, n_variables)."""
    random = np.random.default_rng(seed)
    chances = [SKEW[: len(one.codes)] / SKEW[: len(one.codes)].sum() for one in variables]
    return np.stack([random.choice(len(p), n, p=p) for p in chances], axis=1)


def tables(
    drawn: NDArray[np.int64], variables: list[Variable], ways: int, population: str = "p"
) -> list[Table]:
    """All tables of so many of the variables."""
    return [
        tabulate(drawn, variables, chosen, population)
        for chosen in combinations(range(len(variables)), ways)
    ]


def tabulate(
    drawn: NDArray[np.int64], variables: list[Variable], chosen: tuple[int, ...], population: str
) -> Table:
    """The table of the variables at these places."""
    kept = tuple(variables[at] for at in chosen)
    counts = np.zeros([len(one.codes) for one in kept], dtype=np.int64)
    np.add.at(counts, tuple(drawn[:, at] for at in chosen), 1)
    key = f"{population}/{'-'.join(one.key for one in kept) or 'all'}"
    return Table(key, population, kept, counts)
