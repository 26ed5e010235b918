"""One-way tables: small cells merged into a neighbour, or "fewer than" with a complement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from havenlight.disclosure.rules import Rules
from havenlight.disclosure.shares import with_shares
from havenlight.disclosure.tables import Cell, Codes, Reason, Shown, Table, Variable


@dataclass(frozen=True)
class _Part:
    """Codes that are printed together, and how many persons have one of them."""

    codes: Codes
    persons: int
    reason: Reason | None  # why it cannot be shown as it is


def bare_count(table: Table, rules: Rules) -> tuple[Cell, ...]:
    """The one cell of a table of no variables: a headline, exact unless it is small."""
    persons = table.persons
    if 0 < persons < rules.threshold:
        return (_fewer((), rules),)
    return (Cell((), Shown.EXACT, persons, persons, persons),)


def merged(table: Table, rules: Rules) -> tuple[Cell, ...] | None:
    """Protect a one-way table of which the total is printed; None when that cannot be done so.

    A small code goes into its neighbour. One without a neighbour says "fewer than", and if the
    total would still tell it, the smallest cell that can hides it: that one is printed as a range.
    A reader knows that what is printed as a range is not small, so a range ends at the threshold.
    """
    variable = table.variables[0]
    parts = _merged(variable, _parts(table, rules), rules)
    subtotals = _subtotals(variable, parts, rules)
    cells: dict[Codes, Cell] = {}
    for block in _blocks(parts, subtotals):
        protected = _with_complement(block, rules)
        if protected is None:
            return None
        cells |= protected
    printed = [cells[part.codes] for part in parts]
    printed += [_exact(part) for part in subtotals]
    total = Cell(((),), Shown.EXACT, table.persons, table.persons, table.persons)
    return with_shares((*printed, total), table.variables, rules)


def _parts(table: Table, rules: Rules) -> list[_Part]:
    variable = table.variables[0]
    counts = table.counts.tolist()
    largest = table.largest.tolist() if table.largest is not None else [0] * len(counts)
    return [
        _Part((code,), count, _reason(count, most, variable, rules))
        for code, count, most in zip(variable.codes, counts, largest, strict=True)
    ]


def _reason(count: int, largest: int, variable: Variable, rules: Rules) -> Reason | None:
    # The reason is printed: one of its own for none would tell none from a few.
    if count < rules.threshold:
        return Reason.SMALL if count or variable.sensitive else None
    return Reason.DOMINATED if largest > rules.dominance * count else None


def _merged(variable: Variable, parts: list[_Part], rules: Rules) -> list[_Part]:
    """Merge each small part into the part that holds its neighbour, until none is left to."""
    while True:
        into = {part.codes: other for part in parts for other in _next_to(variable, part, parts)}
        if not into:
            return parts
        small = next(part for part in parts if part.codes in into)
        other = into[small.codes]
        codes = tuple(code for code in variable.codes if code in small.codes + other.codes)
        persons = small.persons + other.persons
        # What dominated one part does not dominate both, as far as is known: stay on the safe side.
        dominated = Reason.DOMINATED in (small.reason, other.reason)
        kept = Reason.DOMINATED if dominated else _reason(persons, 0, variable, rules)
        at = parts.index(other)
        parts = [*parts[:at], _Part(codes, persons, kept), *parts[at + 1 :]]
        parts.remove(small)


def _next_to(variable: Variable, part: _Part, parts: Sequence[_Part]) -> list[_Part]:
    if part.reason is None:
        return []
    wanted = {variable.neighbours[code] for code in part.codes if code in variable.neighbours}
    wanted -= set(part.codes)
    return [other for other in parts if wanted & set(other.codes)][:1]


def _subtotals(variable: Variable, parts: Sequence[_Part], rules: Rules) -> list[_Part]:
    """The subtotals that can be printed: not small, and no part reaches over their edge."""
    found = []
    for codes in variable.groups.values():
        inside = [part for part in parts if set(part.codes) <= set(codes)]
        persons = sum(part.persons for part in inside)
        whole = sum(len(part.codes) for part in inside) == len(codes)
        if whole and len(inside) > 1 and persons >= rules.threshold:
            found.append(_Part(codes, persons, None))
    return found


def _blocks(parts: Sequence[_Part], subtotals: Sequence[_Part]) -> list[list[_Part]]:
    """Cut the parts by the printed subtotals: each block's own sum is known to a reader."""
    blocks = [[part for part in parts if set(part.codes) <= set(one.codes)] for one in subtotals]
    inside = {part.codes for block in blocks for part in block}
    return [*blocks, [part for part in parts if part.codes not in inside]]


def _with_complement(block: Sequence[_Part], rules: Rules) -> dict[Codes, Cell] | None:
    small = [part for part in block if part.reason is not None]
    cells = {part.codes: _exact(part) for part in block if part.reason is None}
    cells |= {
        part.codes: replace(_fewer((part.codes,), rules), reason=part.reason) for part in small
    }
    dominated = any(part.persons >= rules.threshold for part in small)
    if dominated:
        return None
    hidden, most = sum(part.persons for part in small), rules.threshold - 1
    if not small or most <= hidden <= most * (len(small) - 1):
        return cells
    for part in sorted(block, key=lambda part: part.persons):
        lower = part.persons + hidden - most * len(small)
        if part.reason is None and lower >= rules.threshold:
            upper = part.persons + hidden
            shown = Cell((part.codes,), Shown.RANGE, None, lower, upper, reason=Reason.COMPLEMENT)
            return {**cells, part.codes: shown}
    return None


def _exact(part: _Part) -> Cell:
    return Cell((part.codes,), Shown.EXACT, part.persons, part.persons, part.persons)


def _fewer(codes: tuple[Codes, ...], rules: Rules) -> Cell:
    return Cell(codes, Shown.FEWER, None, 0, rules.threshold - 1, reason=Reason.SMALL)
