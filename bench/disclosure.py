"""The attacker over 200 linked tables, and optimal suppression beside the greedy way.

The tables of the second are made as in the measurement that taught us: 285 persons, three linked
two-way tables of 91 cells with their margins, 30 of them from 1 to 4; the total is known.
"""

import time
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bench.figures import Figures, less_is_better, more_is_better
from havenlight.disclosure import Ledger, Rules, Table, TwoWay, Variable, audit, protect
from havenlight.disclosure.audit import true_counts
from havenlight.disclosure.bounds import programmes, propagate
from havenlight.disclosure.suppression import Pattern, Suppression
from havenlight.disclosure.system import System

Drawn = NDArray[np.int64]

SKEW = np.array([0.5, 0.25, 0.13, 0.08, 0.04])
PERSONS = 285
SMALL_CELLS = 30
YEARS = (2019, 2020, 2021)
LINKED_TABLES = 200


def variables(n: int) -> list[Variable]:
    """Variables of five codes, the first the commonest."""
    return [Variable(f"v{at:02}", tuple(f"c{code}" for code in range(5))) for at in range(n)]


def drawn(persons: int, n_variables: int, seed: int) -> Drawn:
    """The codes of made-up persons, shape (persons, n_variables)."""
    return np.random.default_rng(seed).choice(len(SKEW), (persons, n_variables), p=SKEW)


def tables(codes: Drawn, population: str, ways: int) -> list[Table]:
    """All tables of so many variables."""
    chosen = variables(codes.shape[1])
    return [
        _table(codes, population, chosen, kept) for kept in combinations(range(len(chosen)), ways)
    ]


def _table(codes: Drawn, population: str, chosen: list[Variable], kept: tuple[int, ...]) -> Table:
    counts = np.zeros([len(SKEW)] * len(kept), dtype=np.int64)
    np.add.at(counts, tuple(codes[:, at] for at in kept), 1)
    names = "-".join(chosen[at].key for at in kept)
    return Table(f"{population}/{names}", population, tuple(chosen[at] for at in kept), counts)


def three_linked() -> list[Table]:
    """The first three linked tables with thirty small cells, by seed."""
    seed = 0
    while True:
        found = tables(drawn(PERSONS, 3, seed), "p", 2)
        small = sum(int(((table.counts > 0) & (table.counts < 5)).sum()) for table in found)
        if small == SMALL_CELLS:
            return found
        seed += 1


def years() -> tuple[list[Table], Ledger]:
    """Two hundred tables of three years and of the three together, and how they are linked."""
    codes = {f"y{year}": drawn(PERSONS, 10, year) for year in YEARS}
    ledger = Ledger().link("all", *codes)
    codes["all"] = np.concatenate(list(codes.values()))
    made = [table for one, of in codes.items() for table in tables(of, one, 1)]
    made += [table for one, of in codes.items() for table in tables(of, one, 2)]
    return made[:LINKED_TABLES], ledger


def _range_left(suppression: Suppression, pattern: Pattern, given: list[Table]) -> float:
    """The narrowest range that the attacker leaves for a small count."""
    ledger = Ledger().with_count("total", "p", PERSONS, PERSONS)
    for table in given:
        ledger = ledger.with_table(suppression.protected(table, pattern))
    system = System(ledger)
    true = true_counts(system, given)
    ranges = [
        programme.extreme(column, 1).value + programme.extreme(column, -1).value
        for programme in programmes(system, *propagate(system))
        for column in programme.columns.tolist()
        if 0 < true[column] < 5
    ]
    assert len(ranges) == SMALL_CELLS
    return round(min(ranges), 6)


def _suppression() -> Figures:
    given = three_linked()
    ledger = Ledger().with_count("total", "p", PERSONS, PERSONS)
    suppression = Suppression(given, Rules(two_way=TwoWay.SUPPRESSED), ledger)
    start = time.perf_counter()
    optimal = suppression.optimal()
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    greedy = suppression.greedy()
    greedy_seconds = time.perf_counter() - start
    return {
        "disclosure_hidden_cells": less_is_better(
            int(optimal.hidden.sum()), "cells of 91", peer=int(greedy.hidden.sum())
        ),
        "disclosure_range_left": more_is_better(
            _range_left(suppression, optimal, given),
            "persons",
            goal=5,
            peer=_range_left(suppression, greedy, given),
        ),
        "disclosure_suppression_seconds": less_is_better(seconds, "s", peer=greedy_seconds),
    }


def _attack() -> Figures:
    given, ledger = years()
    start = time.perf_counter()
    shown = protect(given, Rules(seed=1), ledger)
    protecting = time.perf_counter() - start
    start = time.perf_counter()
    findings = audit(shown.ledger, truth=given)
    seconds = time.perf_counter() - start
    assert findings.safe
    withheld = sum(table.withheld is not None for table in shown.tables)
    return {
        "disclosure_attack_200_tables_seconds": less_is_better(seconds, "s", goal=60),
        "disclosure_protect_200_tables_seconds": less_is_better(protecting, "s"),
        "disclosure_small_cells_found": less_is_better(len(findings.broken), "cells", goal=0),
        "disclosure_small_cells_attacked": more_is_better(findings.judged, "cells"),
        "disclosure_tables_withheld": less_is_better(withheld, "tables of 200"),
    }


def measure() -> Figures:
    """Measure both."""
    return _suppression() | _attack()
