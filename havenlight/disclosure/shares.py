"""Shares in whole per cents, from what is printed and from nothing else."""

from collections.abc import Mapping
from dataclasses import replace

from havenlight.disclosure.rules import Rules
from havenlight.disclosure.tables import Cell, Codes, Reason, Variable

_ALL = 100


def with_shares(
    cells: tuple[Cell, ...], variables: tuple[Variable, ...], rules: Rules
) -> tuple[Cell, ...]:
    """Give each cell its share of the base: of its row in a two-way table, of all in a one-way.

    The base is what is printed of the codes that are an answer. There is no share without a printed
    count, on a base that is not printed or has fewer than `rules.least_persons`, of codes that are
    no answer, and none of 0% or 100% on a sensitive variable. They are made from printed counts, so
    they tell a reader nothing that these do not.
    """
    last = variables[-1]
    bases = {codes: _base(cells, codes, last) for codes in {cell.codes[:-1] for cell in cells}}
    sensitive = any(variable.sensitive for variable in variables)
    return tuple(_with_share(cell, bases, last, rules, sensitive=sensitive) for cell in cells)


def _base(cells: tuple[Cell, ...], row: tuple[Codes, ...], last: Variable) -> int | None:
    """What is printed of the answers of a row: its margin without the absences, or None."""
    of_row = {cell.codes[-1]: cell for cell in cells if cell.codes[:-1] == row}
    margin = of_row[()].value
    absent = [of_row[(code,)].value if (code,) in of_row else None for code in last.absent]
    if margin is None or None in absent:
        return None
    return margin - sum(value for value in absent if value is not None)


def _with_share(
    cell: Cell,
    bases: Mapping[tuple[Codes, ...], int | None],
    last: Variable,
    rules: Rules,
    *,
    sensitive: bool,
) -> Cell:
    base = bases[cell.codes[:-1]]
    if cell.codes[-1] == () or set(cell.codes[-1]) & set(last.absent):
        return cell
    if cell.value is None or base is None:
        return replace(cell, share_reason=cell.reason or Reason.COMPLEMENT)
    if base < rules.least_persons:
        return replace(cell, share_reason=Reason.BASE)
    share = (200 * cell.value + base) // (2 * base)
    if sensitive and share in (0, _ALL):
        return replace(cell, share_reason=Reason.GROUP)
    return replace(cell, share=share)
