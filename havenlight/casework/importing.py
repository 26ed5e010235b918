"""Registrations from a spreadsheet: all of it, or every problem told by row and column."""

import codecs
import csv
import sys
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path

from havenlight.casework.answers import ABSENCES, EARLIEST, checked, completed
from havenlight.casework.codebook import Absence, Answer, Answers, Complete, Kind
from havenlight.casework.errors import AnswersRefused
from havenlight.casework.formulas import plain
from havenlight.casework.mapping import SIMULATED, Mapping
from havenlight.casework.problems import Problem, Problems
from havenlight.casework.taking_in import NewCase, NewContact

MOST_ROWS = 100_000
MOST_CONVERSATIONS = 10_000  # of one person in a year; above it a cell is something else
MOST_BYTES = 200_000_000
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    person: str
    day: date
    conversations: int | None
    answers: tuple[Answer, ...]
    """In the order of the codebook: a hundred thousand of these are held at once."""


@dataclass
class Found:
    """What stands in a file: its persons, and its problems; with one problem nothing is imported.

    Both are small beside the file, whose rows come and go one by one.
    """

    mapping: Mapping
    problems: Problems = field(default_factory=Problems)
    _persons: dict[str, list[_Row]] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many persons."""
        return len(self._persons)

    def cases(self) -> Iterator[NewCase]:
        """The persons, as they are written."""
        for rows in self._persons.values():
            answers = dict(zip(self.mapping.codebook.variables, rows[0].answers, strict=True))
            yield NewCase(self._contacts(rows), Complete(answers))

    def _contacts(self, rows: list[_Row]) -> tuple[NewContact, ...]:
        """Each row a contact; the one she was first seen by where a column counts them all."""
        if rows[0].conversations is not None:
            return (NewContact(min(row.day for row in rows), rows[0].conversations),)
        each = 1 if self.mapping.every_contact else None
        return tuple(NewContact(row.day, each) for row in rows)

    def take(self, row: _Row) -> Problem | None:
        """Add a row to its person, unless her other rows tell something else."""
        rows = self._persons.setdefault(row.person, [])
        rows.append(row)
        if (rows[0].answers, rows[0].conversations) == (row.answers, row.conversations):
            return None
        reason = f"is the person of row {rows[0].number}, with other answers"
        return Problem(row.number, self.mapping.person or "", reason)


Listing = Callable[[Iterable[Problem]], Iterable[Problem]]


def read(path: Path, mapping: Mapping, listing: Listing = iter) -> Found:
    """Everyone in a file, and every problem; each problem goes through `listing` as it is found."""
    found = Found(mapping)
    for problem in listing(_problems(path, found)):
        found.problems.add(problem)
    return found


def _problems(path: Path, found: Found) -> Iterator[Problem]:
    if unreadable := _unreadable(path, found.mapping):
        yield unreadable
        return
    with path.open(encoding=found.mapping.encoding, newline="") as file:
        for one in _rows(file, found.mapping):
            problem = found.take(one) if isinstance(one, _Row) else one
            if problem:
                yield problem


def _rows(file: Iterable[str], mapping: Mapping) -> Iterator[_Row | Problem]:
    reader = csv.DictReader(file, delimiter=mapping.delimiter, strict=True)
    number = 1
    try:
        missing = [name for name in _needed(mapping) if name not in (reader.fieldnames or [])]
        yield from (Problem(1, name, "is not in the header") for name in missing)
        for number, cells in enumerate(reader if not missing else (), start=2):
            if number > MOST_ROWS + 1:
                yield Problem(number, "", f"is over {MOST_ROWS} rows; split the file by year")
                return
            yield from _row(number, cells, mapping)
    except csv.Error as error:
        yield Problem(number + 1, "", f"is no CSV: {error}")


def _needed(mapping: Mapping) -> list[str]:
    person = [mapping.person] if mapping.person else []
    counted = [mapping.conversations] if mapping.conversations else []
    return [mapping.contacted_on, *mapping.columns, *person, *counted]


def _unreadable(path: Path, mapping: Mapping) -> Problem | None:
    """Why a file is no text of that encoding; looked at whole, before any row is."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return Problem(0, "", f"is over {MOST_BYTES // 10**6} MB; split the file by year")
        with path.open("rb") as file:
            return _undecodable(iter(partial(file.read, _CHUNK_BYTES), b""), mapping.encoding)
    except OSError as error:
        return Problem(0, "", f"cannot be read: {error.strerror}")


def _undecodable(chunks: Iterator[bytes], encoding: str) -> Problem | None:
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError:
        return Problem(1, "", f"the encoding {encoding} is not known")
    row = 1
    for raw in (*chunks, b""):
        if row == 1 and raw.startswith(_WIDE) and not encoding.lower().startswith("utf-16"):
            return Problem(1, "", 'is UTF-16; set encoding = "utf-16" in the mapping')
        try:
            text = decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            row += error.object[: error.start].count(b"\n")
            return Problem(row, "", f'is not {encoding}; perhaps encoding = "cp1252"')
        if "\0" in text:
            row += text[: text.index("\0")].count("\n")
            return Problem(row, "", "holds a NUL: this is no text")
        row += text.count("\n")
    return None


def _row(number: int, cells: dict[str, str], mapping: Mapping) -> Iterator[_Row | Problem]:
    if None in cells or None in cells.values():
        yield Problem(number, "", "has more or fewer cells than the header")
        return
    if cells.get(SIMULATED) == "yes" and not mapping.simulated:
        yield Problem(number, SIMULATED, "does not exist; import the file with --simulated")
        return
    day = _day(number, cells[mapping.contacted_on], mapping)
    held = _conversations(number, cells, mapping)
    answers = _answers(number, cells, mapping)
    if isinstance(day, Problem) or isinstance(held, Problem) or isinstance(answers, list):
        yield from (one for one in (day, held) if isinstance(one, Problem))
        yield from answers if isinstance(answers, list) else ()
        return
    person = plain(cells[mapping.person]) if mapping.person else ""
    yield _Row(number, person or f"row {number}", day, held, tuple(answers.values()))


def _conversations(number: int, cells: dict[str, str], mapping: Mapping) -> int | Problem | None:
    """How many conversations a row says its person had; None when it says it is not known."""
    cell = plain(cells[mapping.conversations]) if mapping.conversations else ""
    if cell in {"", Absence.UNKNOWN}:
        return None
    if cell.isascii() and cell.isdecimal() and 0 < int(cell) <= MOST_CONVERSATIONS:
        return int(cell)
    reason = f"must be a number of 1 to {MOST_CONVERSATIONS}, or unknown"
    return Problem(number, mapping.conversations or "", reason)


def _answers(number: int, cells: dict[str, str], mapping: Mapping) -> Answers | list[Problem]:
    given: dict[str, object] = dict(mapping.fixed)
    for name, column in mapping.columns.items():
        if cell := plain(cells[name]):
            given[column.variable] = _answer(cell, column.variable, column.codes, mapping)
    try:
        return completed(mapping.codebook, checked(mapping.codebook, given))
    except AnswersRefused as refused:
        named = {column.variable: name for name, column in mapping.columns.items()}
        return [
            Problem(number, named.get(one.variable, one.variable), f"{one.variable} {one.reason}")
            for one in refused.refusals
        ]


def _day(number: int, cell: str, mapping: Mapping) -> date | Problem:
    try:
        day = datetime.strptime(plain(cell), mapping.date_format).date()  # noqa: DTZ007 -- a day
    except ValueError:
        return Problem(
            number, mapping.contacted_on, f"must be a day, written as {mapping.date_format}"
        )
    if day > date.today():  # noqa: DTZ011 -- a day ahead of every zone would still be wrong
        return Problem(number, mapping.contacted_on, "is in the future")
    if day < EARLIEST:
        return Problem(number, mapping.contacted_on, f"is before {EARLIEST.year}")
    return day


def _answer(cell: str, key: str, codes: Dict[str, str], mapping: Mapping) -> Answer | object:
    """The cell as the codebook's answer; what does not fit is left for `checked` to refuse."""
    kind = mapping.codebook.variables[key].kind
    # Interned, because a file says the same few words a million times.
    if (whole := sys.intern(codes.get(cell, cell))) in ABSENCES:
        return whole
    if kind is Kind.SEVERAL:
        parts = [part.strip() for part in cell.split(mapping.separator)]
        return [codes.get(part, part) for part in parts if part]
    if kind in {Kind.NUMBER, Kind.MONTHS}:
        return int(whole) if whole.isascii() and whole.isdigit() else whole
    if kind is Kind.DATE:
        try:
            return datetime.strptime(whole, mapping.date_format).date()  # noqa: DTZ007 -- a day
        except ValueError:
            return whole
    return whole
