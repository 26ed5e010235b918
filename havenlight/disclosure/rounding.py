"""Controlled rounding: every count becomes a multiple beside it, and the table still adds up."""

import numpy as np
from numpy.typing import NDArray

from havenlight.disclosure.rules import Rules
from havenlight.disclosure.shares import with_shares
from havenlight.disclosure.solver import Rows, cheapest
from havenlight.disclosure.sparse import Floats, Sparse, sparse
from havenlight.disclosure.tables import Cell, Codes, Counts, Reason, Shown, Table


def with_margins(counts: Counts) -> Counts:
    """Put the sums of rows, columns and all behind a table of one or two variables."""
    for axis in range(counts.ndim):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    return counts


def controlled(counts: Counts, base: int, random: np.random.Generator) -> Counts:
    """Round a table of one or two variables and its margins to multiples of `base`.

    Returns the shape of `with_margins(counts)`. Every number is less than `base` from the true one
    (a multiple stays what it is), and rows and columns add up to their margins. Which of the ways
    is taken is drawn at random, nearer ones more often, so that a reader who knows the method knows
    no more of a number r than that the count is between r - base + 1 and r + base - 1.
    Source: Cox (1987), "A constructive procedure for unbiased controlled rounding"; for two
    variables a rounding exists always.
    """
    full = with_margins(counts)
    down = full // base
    rest = full % base
    # What going up costs more than going down; the noise makes each way possible.
    cost = (base - 2 * rest) + random.uniform(-base, base, full.shape)
    matrix, gap = _additive(down)
    may = (rest > 0).astype(np.float64).ravel()
    found = cheapest(cost.ravel(), np.zeros(full.size), may, Rows(matrix, gap, gap))
    up = found.astype(np.int64).reshape(full.shape)
    return np.asarray(base * (down + up), dtype=np.int64)


def _additive(down: Counts) -> tuple[Sparse, Floats]:
    """Rows that say: what goes up inside is what the margin lacks, plus whether it goes up."""
    places = np.arange(down.size).reshape(down.shape)
    rows: list[NDArray[np.intp]] = []
    for axis in range(down.ndim):
        rows.extend(np.moveaxis(places, axis, -1).reshape(-1, down.shape[axis]))
    floors = down.ravel()
    gaps = [float(floors[line[-1]] - floors[line[:-1]].sum()) for line in rows]
    columns = np.concatenate(rows)
    at = np.repeat(np.arange(len(rows)), [len(line) for line in rows])
    signs = np.concatenate([[*[1.0] * (len(line) - 1), -1.0] for line in rows])
    return sparse(at, columns, signs, (len(rows), down.size)), np.array(gaps)


def rounded(table: Table, rules: Rules, random: np.random.Generator) -> tuple[Cell, ...]:
    """Protect a table of one or two variables by controlled rounding, margins included."""
    values = controlled(table.counts, rules.base, random)
    axes = [[*((code,) for code in variable.codes), ()] for variable in table.variables]
    cells = []
    for place, value in np.ndenumerate(values):
        codes: tuple[Codes, ...] = tuple(axis[at] for axis, at in zip(axes, place, strict=True))
        cells.append(_cell(codes, int(value), rules))
    return with_shares(tuple(cells), table.variables, rules)


def rounded_count(table: Table, rules: Rules, random: np.random.Generator) -> tuple[Cell, ...]:
    """Protect a bare count by rounding, up as often as it is near to that."""
    down, rest = divmod(table.persons, rules.base)
    return (_cell((), rules.base * (down + int(random.integers(rules.base) < rest)), rules),)


def _cell(codes: tuple[Codes, ...], value: int, rules: Rules) -> Cell:
    lower, upper = max(0, value - rules.base + 1), value + rules.base - 1
    return Cell(codes, Shown.ROUNDED, value, lower, upper, reason=Reason.ROUNDING)
