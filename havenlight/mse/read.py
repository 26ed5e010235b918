"""Reading tables of capture histories and unit records, with a reason for every refusal."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np

from havenlight.mse.errors import TableRefused
from havenlight.mse.table import CaptureTable, check_distinct, check_lists, check_row

Stratum = tuple[str, ...]


@dataclass(frozen=True)
class StratifiedTable:
    """One table of capture histories for each stratum, for example each year and sex.

    `columns` names what the strata differ in; `tables` has a table for each combination of values.
    Strata may have different lists: a list that did not exist, or saw nobody, in a stratum is not
    in its table.
    """

    columns: tuple[str, ...]
    tables: Mapping[Stratum, CaptureTable]

    @property
    def n_observed(self) -> int:
        """How many persons were seen, over all strata; each belongs to one."""
        return sum(table.n_observed for table in self.tables.values())


@dataclass(frozen=True)
class _Row:
    """One line of the file: where it stands, and its cells by the name of the column."""

    number: int
    values: Mapping[str, str]


def read_counts(path: Path, lists: tuple[str, ...] | None = None) -> CaptureTable:
    """Read a CSV file with one 0/1 column a list and the number of persons in the last column.

    Args:
        lists: the columns that are lists; without it, all but the last.
    Raises TableRefused with the row (the header is row 1) and the reason.
    """
    rows, columns = _open(path)
    names = _lists_among(columns[:-1], lists, ())
    table = _table(rows, names, columns[-1])
    table.check_overlaps()
    return table


def read_records(
    path: Path, lists: tuple[str, ...] | None = None, person: str | None = None
) -> CaptureTable:
    """Read a CSV file with one line a person and one 0/1 column a list.

    Args:
        lists: the columns that are lists; without it, all but `person`.
        person: the column with a code for each person; a code that comes twice is refused.
    Raises TableRefused with the row (the header is row 1) and the reason.
    """
    rows, columns = _open(path)
    names = _lists_among(columns, lists, (person,) if person else ())
    _check_persons(rows, person)
    table = _table(rows, names, None)
    table.check_overlaps()
    return table


def read_strata(
    path: Path, strata: tuple[str, ...], lists: tuple[str, ...] | None = None
) -> StratifiedTable:
    """Read a CSV file as `read_counts` does, with further columns that tell the strata apart.

    Args:
        strata: the columns of the strata, such as sex, minor, form or year; not the last column.
        lists: the columns that are lists; without it, all others but the last.
    A list whose cells are all empty in a stratum did not exist there, and one that saw nobody says
    nothing there; both are left out of that stratum. Raises TableRefused as `read_counts`; overlaps
    are checked over all strata together, since one stratum may well be too sparse on its own.
    """
    rows, columns = _open(path)
    names = _lists_among(columns[:-1], lists, strata)
    grouped: dict[Stratum, list[_Row]] = {}
    for row in rows:
        grouped.setdefault(tuple(row.values[column] for column in strata), []).append(row)
    tables = {
        stratum: _of_stratum(stratum, own, names, columns[-1])
        for stratum, own in sorted(grouped.items())
    }
    _check_pooled(tables, names)
    return StratifiedTable(strata, tables)


def _open(path: Path) -> tuple[list[_Row], list[str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableRefused("the file is not text in UTF-8; save it again as CSV UTF-8") from None
    if not text.strip():
        raise TableRefused("the file is empty")
    # Spreadsheets write semicolons where the comma stands in numbers, and tabs when copied.
    separator = max(",;\t", key=text.splitlines()[0].count)
    lines = list(csv.reader(StringIO(text, newline=""), delimiter=separator))
    columns = [name.strip() for name in lines[0]]
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(columns):
            raise TableRefused(f"{len(line)} cells, but {len(columns)} columns", number)
        cells = (cell.strip() for cell in line)
        rows.append(_Row(number, dict(zip(columns, cells, strict=True))))
    if not rows:
        raise TableRefused("the file has a header but no row")
    return rows, columns


def _lists_among(
    columns: list[str], lists: tuple[str, ...] | None, others: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the list columns, or refuse a column that is neither named nor expected."""
    for name in (*(lists or ()), *others):
        if name not in columns:
            raise TableRefused(f"there is no column {name!r} beside {columns}", 1)
    names = lists if lists is not None else tuple(c for c in columns if c not in others)
    unknown = [name for name in columns if name not in names and name not in others]
    if unknown:
        raise TableRefused(f"column {unknown[0]!r} is neither a list nor a stratum", 1)
    check_lists(names)
    return names


def _table(rows: list[_Row], lists: tuple[str, ...], count: str | None) -> CaptureTable:
    """Make the table of these rows: counts from their column, or one person a row."""
    histories = np.array([[_bit(row, name) for name in lists] for row in rows], dtype=np.bool_)
    counts = [1.0 if count is None else _count(row, count) for row in rows]
    for row, history, number in zip(rows, histories, counts, strict=True):
        check_row(history, number, row.number)
    cells = histories.astype(np.int64) @ (1 << np.arange(len(lists)))
    if count is not None:
        check_distinct(cells, [row.number for row in rows])
    dense = np.bincount(cells, counts, minlength=1 << len(lists))[1:]
    return CaptureTable.from_dense(lists, np.rint(dense).astype(np.int64))


def _bit(row: _Row, name: str) -> bool:
    if row.values[name] not in ("0", "1"):
        reason = f"column {name!r} holds {row.values[name]!r}; a list holds 0 or 1"
        raise TableRefused(f"{reason}, and another column must be named as a stratum", row.number)
    return row.values[name] == "1"


def _count(row: _Row, name: str) -> float:
    try:
        return float(row.values[name])
    except ValueError:
        reason = f"the last column, {name!r}, holds {row.values[name]!r} instead of a count"
        raise TableRefused(reason, row.number) from None


def _check_persons(rows: list[_Row], person: str | None) -> None:
    first: dict[str, int] = {}
    for row in rows if person else ():
        code = row.values[person or ""]
        if code in first:
            raise TableRefused(f"the same person as in row {first[code]}", row.number)
        first[code] = row.number


def _of_stratum(
    stratum: Stratum, rows: list[_Row], lists: tuple[str, ...], count: str
) -> CaptureTable:
    """Return the table of one stratum with the lists that existed and saw somebody in it."""
    existing = tuple(name for name in lists if any(row.values[name] for row in rows))
    if len(existing) < 2:
        raise TableRefused(f"stratum {stratum} has fewer than two lists", rows[0].number)
    table = _table(rows, existing, count)
    totals = table.list_totals()
    seeing = tuple(name for name, n in zip(existing, totals, strict=True) if n > 0)
    return table.restricted_to(seeing) if len(seeing) >= 2 else table


def _check_pooled(tables: Mapping[Stratum, CaptureTable], lists: Iterable[str]) -> None:
    """Raise TableRefused when a list shares nobody with any other in all strata together."""
    shared = dict.fromkeys(lists, 0)
    for table in tables.values():
        overlaps = table.overlaps()
        for name, row, total in zip(table.lists, overlaps, overlaps.diagonal(), strict=True):
            shared[name] += int(row.sum() - total)
    for name, others in shared.items():
        if others == 0:
            raise TableRefused(f"list {name!r} has no person in common with any other list")
