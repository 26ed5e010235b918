"""Protects the tables of an edition together, and lets nothing out that the attacker breaks."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from havenlight.disclosure.audit import Finding, Findings, audit
from havenlight.disclosure.errors import TableRefused
from havenlight.disclosure.ledger import Ledger
from havenlight.disclosure.one_way import bare_count, merged
from havenlight.disclosure.perturbation import perturbed
from havenlight.disclosure.rounding import rounded, rounded_count
from havenlight.disclosure.rules import MOST_VARIABLES, Rules, TwoWay
from havenlight.disclosure.suppression import Suppression
from havenlight.disclosure.tables import Cell, ProtectedTable, Reason, Table

_ROUNDINGS = 6  # other roundings are tried before a table is withheld


@dataclass(frozen=True)
class Protected:
    """Tables as they may be published, in the order they were given.

    ledger: what the public will know once they are; keep it with the edition.
    findings: of the last attack; what is left in them came from what was public before.
    already: those of them that were there before, as narrow: what was published gave them away.
    withheld_by_attack: how many tables were withheld or protected more because of the attacker.
    """

    tables: tuple[ProtectedTable, ...]
    ledger: Ledger
    findings: Findings
    withheld_by_attack: int
    already: tuple[Finding, ...] = ()

    @property
    def broken(self) -> tuple[Finding, ...]:
        """What these tables would add to what is found; empty, or they may not be published."""
        return tuple(one for one in self.findings.broken if one not in self.already)

    def table(self, key: str) -> ProtectedTable:
        """The table of this key; raises KeyError when it was not given."""
        return {table.key: table for table in self.tables}[key]


def protect(tables: Sequence[Table], rules: Rules, ledger: Ledger) -> Protected:
    """Protect tables of none, one or two variables so that no reader finds a small count.

    Give the tables of an edition together, in order of worth: where they break each other the last
    one gives way, first by being protected more, then by being withheld. Tell the ledger first how
    populations are related (`Ledger.link`) and what has been published before; what it holds
    already is taken as read by everyone. The same tables, seed and ledger give the same result.

    No variables: the count, exact (a headline), rounded if that gives somebody away. One: small
    cells merged into a neighbour, or "fewer than" with a complement; rounded if that does not do.
    Two: as `rules.two_way` says. More, or fewer persons than `rules.least_persons`: withheld.
    Raises TableRefused when a key is given twice or is in the ledger already.
    """
    _check_keys(tables, ledger)
    for table in tables:
        for variable in table.variables:
            ledger = ledger.with_variable(variable)
    tries, made = Counter[str](), _Made(rules)
    while True:
        protected = _protected(tables, made, ledger, tries)
        after = ledger
        for shown in protected:
            after = after.with_table(shown)
        findings = audit(after, truth=tables, threshold=rules.threshold)
        blamed = _blamed(findings, protected)
        if not blamed:
            already = _already(findings, ledger, tables, rules)
            return Protected(protected, after, findings, len(tries), already)
        tries.update(blamed)


def _already(
    findings: Findings, ledger: Ledger, tables: Sequence[Table], rules: Rules
) -> tuple[Finding, ...]:
    """The findings that a reader of the ledger had before these tables, and as narrow."""
    if findings.safe:
        return ()
    before = audit(ledger, truth=tables, threshold=rules.threshold).broken
    known = {(one.population, one.where): (one.lower, one.upper) for one in before}
    return tuple(
        one
        for one in findings.broken
        if known.get((one.population, one.where)) == (one.lower, one.upper)
    )


def _check_keys(tables: Sequence[Table], ledger: Ledger) -> None:
    seen = set(ledger.sources())
    for table in tables:
        if table.key in seen:
            raise TableRefused(f"table {table.key!r} is there already")
        seen.add(table.key)


def _blamed(findings: Findings, protected: Sequence[ProtectedTable]) -> set[str]:
    """For each finding the last of the tables behind it that can still give way.

    Of those, if there are any, that speak of what was found: every table of the same persons tells
    how many they are, and all of them would give way before the one that matters.
    """
    order = {table.key: at for at, table in enumerate(protected) if table.withheld is None}
    speaks = {table.key: {each.key for each in table.variables} for table in protected}
    blamed = set()
    for finding in findings.broken:
        behind = [key for key in finding.because if key in order]
        found = {key for key, _ in finding.where}
        speaking = [key for key in behind if found & speaks[key]]
        if behind:
            blamed.add(max(speaking or behind, key=order.__getitem__))
    return blamed


class _Made:
    """Protections of single tables, each made once however often the attacker comes back."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._found: dict[tuple[str, int], tuple[Cell, ...] | Reason] = {}

    def cells(self, table: Table, tries: int) -> tuple[Cell, ...] | Reason:
        """How a table of one, none or (not by suppression) two variables is shown after tries."""
        made = (table.key, tries)
        if made not in self._found:
            way = _few_ways if len(table.variables) < MOST_VARIABLES else _two_ways
            self._found[made] = way(table, self.rules, tries)
        return self._found[made]


def _protected(
    tables: Sequence[Table], made: _Made, ledger: Ledger, tries: Counter[str]
) -> tuple[ProtectedTable, ...]:
    """Protect each table, more strictly the more tries it has had."""
    cells: dict[str, tuple[Cell, ...] | Reason] = {}
    rules = made.rules
    together = []
    for table in tables:
        withheld = _withheld(table, rules)
        if withheld is not None:
            cells[table.key] = withheld
        elif len(table.variables) == MOST_VARIABLES and rules.two_way is TwoWay.SUPPRESSED:
            together.append(table)
        else:
            cells[table.key] = made.cells(table, tries[table.key])
    if together:
        for table in tables:
            if table.key in cells:
                ledger = ledger.with_table(_shown(table, cells[table.key]))
        cells |= _suppressed(together, rules, ledger, tries)
    return tuple(_shown(table, cells[table.key]) for table in tables)


def _withheld(table: Table, rules: Rules) -> Reason | None:
    if len(table.variables) > MOST_VARIABLES:
        return Reason.WAYS
    return Reason.BASE if table.variables and table.persons < rules.least_persons else None


def _few_ways(table: Table, rules: Rules, tries: int) -> tuple[Cell, ...] | Reason:
    first = merged if table.variables else bare_count
    cells = first(table, rules) if tries == 0 and not rules.rounds_all else None
    if cells is not None:
        return cells
    if tries > _ROUNDINGS:
        return Reason.ATTACK
    way = rounded if table.variables else rounded_count
    return way(table, rules, _random(table, rules, tries))


def _two_ways(table: Table, rules: Rules, tries: int) -> tuple[Cell, ...] | Reason:
    if tries > _ROUNDINGS:
        return Reason.ATTACK
    way = rounded if rules.two_way is TwoWay.ROUNDED else perturbed
    return way(table, rules, _random(table, rules, tries))


def _suppressed(
    tables: Sequence[Table], rules: Rules, ledger: Ledger, tries: Counter[str]
) -> dict[str, tuple[Cell, ...] | Reason]:
    cells: dict[str, tuple[Cell, ...] | Reason] = {
        table.key: Reason.ATTACK for table in tables if tries[table.key]
    }
    left = [table for table in tables if table.key not in cells]
    suppression = Suppression(left, rules, ledger)
    pattern = suppression.optimal()
    return cells | {table.key: suppression.protected(table, pattern).cells for table in left}


def _shown(table: Table, cells: tuple[Cell, ...] | Reason) -> ProtectedTable:
    if isinstance(cells, Reason):
        return ProtectedTable(table.key, table.population, table.variables, (), cells)
    return ProtectedTable(table.key, table.population, table.variables, cells)


def _random(table: Table, rules: Rules, tries: int) -> np.random.Generator:
    """The draws of a table: its own, whatever other tables are given with it."""
    name = f"{rules.secret}|{table.key}|{tries}".encode()
    return np.random.default_rng(list(hashlib.sha256(name).digest()))
