"""Cell-key perturbation: the same cell gets the same small noise wherever it appears."""

import hashlib

import numpy as np

from havenlight.disclosure.rounding import with_margins
from havenlight.disclosure.rules import Rules
from havenlight.disclosure.shares import with_shares
from havenlight.disclosure.tables import Cell, Codes, Reason, Shown, Table


def perturbed(table: Table, rules: Rules, random: np.random.Generator) -> tuple[Cell, ...]:
    """Protect a table of one or two variables by noise of less than the threshold.

    The noise of a cell is drawn from a key made of the seed, population, codes and count, so a
    cell that stands in several tables is the same in each, and asking again gives nothing new. What
    comes out below the threshold is printed as 0. Margins have noise of their own: they add up only
    about. `random` is not used.
    Source: Fraser and Wooton (2005), "A proposed method for confidentialising tabular output to
    protect against differencing"; the key is made of the cell, since tables hold no records.
    """
    del random
    most = rules.threshold - 1
    axes = [[*((code,) for code in variable.codes), ()] for variable in table.variables]
    cells = []
    for place, count in np.ndenumerate(with_margins(table.counts)):
        codes: tuple[Codes, ...] = tuple(axis[at] for axis, at in zip(axes, place, strict=True))
        value = int(count) + _noise(table, codes, int(count), rules)
        if value < rules.threshold:
            cells.append(_cell(codes, 0, 0, 2 * most))
        else:
            cells.append(_cell(codes, value, max(0, value - most), value + most))
    return with_shares(tuple(cells), table.variables, rules)


def _cell(codes: tuple[Codes, ...], value: int, lower: int, upper: int) -> Cell:
    return Cell(codes, Shown.PERTURBED, value, lower, upper, reason=Reason.NOISE)


def _noise(table: Table, codes: tuple[Codes, ...], count: int, rules: Rules) -> int:
    held = sorted((one.key, codes[at]) for at, one in enumerate(table.variables) if codes[at])
    key = hashlib.sha256(f"{rules.secret}|{table.population}|{held}|{count}".encode()).digest()
    return int(np.random.default_rng(list(key)).integers(1 - rules.threshold, rules.threshold))
