"""Registrations from a spreadsheet: all of it, or every problem told by row and column."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from havenlight.casework.actions import NewCase
from havenlight.casework.answers import checked, finished
from havenlight.casework.codebook import Absence, Answer, Answers, Kind
from havenlight.casework.errors import AnswersRefused
from havenlight.casework.mapping import Mapping

MOST_ROWS = 100_000
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong; `row` counts as a spreadsheet does, the header being row 1."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f"row {self.row}, {self.column}" if self.column else f"row {self.row}"
        return f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    person: str
    day: date
    answers: Answers


def read(path: Path, mapping: Mapping) -> tuple[list[NewCase], list[Problem]]:
    """The persons in a file, and every problem; with one problem nothing may be imported."""
    problems: list[Problem] = []
    persons: dict[str, list[_Row]] = {}
    for found in _rows(path, mapping):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        before = persons.setdefault(found.person, [])
        if before and before[0].answers != found.answers:
            reason = f"is the person of row {before[0].number}, with other answers"
            problems.append(Problem(found.number, mapping.person or "", reason))
        before.append(found)
    cases = [NewCase(tuple(row.day for row in rows), rows[0].answers) for rows in persons.values()]
    return cases, problems


def _rows(path: Path, mapping: Mapping) -> Iterator[_Row | Problem]:
    text = _text(path, mapping)
    if isinstance(text, Problem):
        yield text
        return
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mapping.delimiter, strict=True)
    needed = [mapping.contacted_on, *mapping.columns, *([mapping.person] if mapping.person else [])]
    header = reader.fieldnames or []
    missing = [name for name in needed if name not in header]
    yield from (Problem(1, name, "is not in the header") for name in missing)
    if missing:
        return
    try:
        rows = list(reader)
    except csv.Error as error:
        yield Problem(reader.line_num, "", f"is no CSV: {error}")
        return
    if len(rows) > MOST_ROWS:
        yield Problem(MOST_ROWS + 2, "", f"is over {MOST_ROWS} rows; split the file by year")
        return
    for number, cells in enumerate(rows, start=2):
        yield from _row(number, cells, mapping)


def _text(path: Path, mapping: Mapping) -> str | Problem:
    try:
        raw = path.read_bytes()
    except OSError:
        return Problem(0, "", "the file cannot be read")
    if raw.startswith(_WIDE) and not mapping.encoding.lower().startswith("utf-16"):
        return Problem(1, "", 'is UTF-16; set encoding = "utf-16" in the mapping')
    try:
        text = raw.decode(mapping.encoding)
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        return Problem(row, "", f'is not {mapping.encoding}; perhaps encoding = "cp1252"')
    except LookupError:
        return Problem(1, "", f"the encoding {mapping.encoding} is not known")
    if "\0" in text:
        return Problem(text[: text.index("\0")].count("\n") + 1, "", "holds a NUL: this is no text")
    return text


def _row(number: int, cells: dict[str, str], mapping: Mapping) -> Iterator[_Row | Problem]:
    if None in cells or None in cells.values():
        yield Problem(number, "", "has more or fewer cells than the header")
        return
    problems: list[Problem] = []
    day = _day(number, cells[mapping.contacted_on], mapping)
    answers: dict[str, object] = dict(mapping.fixed)
    for name, column in mapping.columns.items():
        if cell := _plain(cells[name]):
            answers[column.variable] = _answer(cell, column.variable, column.codes, mapping)
    try:
        complete = finished(mapping.codebook, checked(mapping.codebook, answers))
    except AnswersRefused as refused:
        named = {column.variable: name for name, column in mapping.columns.items()}
        problems += [
            Problem(number, named.get(one.variable, one.variable), f"{one.variable} {one.reason}")
            for one in refused.refusals
        ]
    if isinstance(day, Problem):
        problems.append(day)
    if problems or isinstance(day, Problem):
        yield from problems
        return
    person = _plain(cells[mapping.person]) if mapping.person else ""
    yield _Row(number, person or f"row {number}", day, complete)


def _day(number: int, cell: str, mapping: Mapping) -> date | Problem:
    try:
        day = datetime.strptime(_plain(cell), mapping.date_format).date()  # noqa: DTZ007 -- a day
    except ValueError:
        return Problem(
            number, mapping.contacted_on, f"must be a day, written as {mapping.date_format}"
        )
    if day > date.today():  # noqa: DTZ011 -- a day ahead of every zone would still be wrong
        return Problem(number, mapping.contacted_on, "is in the future")
    return day


def _plain(cell: str) -> str:
    """A cell without what export or a spreadsheet put in front to keep it from being a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@" else text


def _answer(cell: str, key: str, codes: object, mapping: Mapping) -> Answer | object:
    """The cell as the codebook's answer; what does not fit is left for `checked` to refuse."""
    named: dict[str, str] = dict(codes) if isinstance(codes, dict) else {}
    kind = mapping.codebook.variables[key].kind
    if (whole := named.get(cell, cell)) in set(Absence):
        return whole
    if kind is Kind.SEVERAL:
        parts = [part.strip() for part in cell.split(mapping.separator)]
        return [named.get(part, part) for part in parts if part]
    if kind in {Kind.NUMBER, Kind.MONTHS}:
        return int(whole) if whole.isascii() and whole.isdigit() else whole
    if kind is Kind.DATE:
        try:
            return datetime.strptime(whole, mapping.date_format).date()  # noqa: DTZ007 -- a day
        except ValueError:
            return whole
    return whole
