"""Reads registrations from CSV: what `havenlight registrations export` or `simulate` writes."""

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib.resources.abc import Traversable
from itertools import islice, pairwise
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from havenlight.casework import maps, versions
from havenlight.casework.codebook import Absence, Answers, Codebook
from havenlight.figures import cells, from_export
from havenlight.figures.columns import NOT_COUNTED, Cells, Codes, Registrations, versions_by_year
from havenlight.figures.errors import RegistrationsRefused

FIRST_SEEN = "contacted_on"
Progress = Callable[[float], None]

_CHUNK = 2_000  # rows that fit in the cache of a processor
_BEFORE = ("simulated", "case", "codebook")


def read(
    path: Path,
    codebook: Codebook,
    wanted: Sequence[str],
    progress: Progress = lambda _: None,
    directory: Traversable = versions.SHIPPED,
) -> Registrations:
    """The registrations in `path`, as the variables `wanted` of `codebook`.

    A row is a person, unless the file is an export: then it is a registration, and contacts stand
    in it. Otherwise they are counted from `contacts.csv` beside it, when there is one. Rows under
    an older codebook are carried over by the published maps.
    Raises RegistrationsRefused with the row and what is wrong; nothing is guessed.
    """
    keys = tuple(dict.fromkeys((FIRST_SEEN, *wanted)))
    gather = _Gather(path.name, codebook, keys, directory)
    whole = max(path.stat().st_size, 1) if path.is_file() else 1
    with _opened(path) as file:
        rows = csv.reader(file)
        header = _header(rows, path.name)
        if from_export.is_one(header):
            return gather.of_persons(from_export.persons(path, codebook, header), rows)
        gather.header(header)
        for chunk in _chunks(rows, path.name):
            gather.add(chunk)
            progress(min(file.buffer.tell() / whole, 1.0))
    return gather.made(path.with_name("contacts.csv"))


def _opened(path: Path) -> TextIO:
    try:
        file = path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise RegistrationsRefused(path.name, error.strerror or "cannot be opened") from None
    return file


def _header(rows: Iterator[list[str]], name: str) -> list[str]:
    return next(_chunks(rows, name, 1), [[]])[0]


def _chunks(rows: Iterator[list[str]], name: str, size: int = _CHUNK) -> Iterator[list[list[str]]]:
    try:
        while chunk := list(islice(rows, size)):
            yield chunk
    except UnicodeDecodeError:
        raise RegistrationsRefused(name, "is not UTF-8; save it as CSV in UTF-8") from None
    except csv.Error as error:
        raise RegistrationsRefused(name, f"is not CSV: {error}") from None


class _Gather:
    """Arrays in the making: one list of pieces for each variable."""

    def __init__(
        self, file: str, codebook: Codebook, keys: tuple[str, ...], directory: Traversable
    ) -> None:
        self.file, self.codebook, self.keys, self.directory = file, codebook, keys, directory
        self.cells = {key: Cells(codebook.variables[key]) for key in keys}
        self.pieces: dict[str, list[Codes]] = {key: [] for key in keys}
        self.cases: list[str] = []
        self.codebooks: list[str] = []
        self.simulated = False
        self.columns: dict[str, int] = {}
        self.maps: dict[str, list[maps.Map]] = {}

    def header(self, names: list[str]) -> None:
        """Learn where each column is, or refuse the file by the first that lacks."""
        self.columns = {name: place for place, name in enumerate(names)}
        if len(self.columns) < len(names):
            raise RegistrationsRefused(self.file, "has two columns of one name", 1)
        for name in ("case", "codebook"):
            if name not in self.columns:
                reason = (
                    f"has no column {name}; give the registrations.csv that `havenlight "
                    "registrations export` or `havenlight simulate` writes, or import another "
                    "file (`havenlight registrations import`) and use --database"
                )
                raise RegistrationsRefused(self.file, reason, 1)

    def add(self, rows: list[list[str]]) -> None:
        """Take up some rows."""
        first = len(self.cases) + 2
        width = len(self.columns)
        if short := next((n for n, row in enumerate(rows, first) if len(row) != width), None):
            raise RegistrationsRefused(self.file, f"does not have {width} cells", short)
        rows = self._carried(rows, first)
        if missing := next((key for key in self.keys if key not in self.columns), None):
            raise RegistrationsRefused(self.file, f"has no column {missing}", 1)
        there = [key for key in (*_BEFORE, *self.keys) if key in self.columns]
        picked = itemgetter(*(self.columns[key] for key in there))
        by_key = dict(zip(there, zip(*map(picked, rows), strict=True), strict=True))
        self.cases += by_key["case"]
        self.codebooks += map(intern, by_key["codebook"])
        self.simulated |= "yes" in by_key.get("simulated", ())
        for key in self.keys:
            self.pieces[key].append(self._coded(key, by_key[key], first))

    def _coded(self, key: str, column: Sequence[str], first: int) -> Codes:
        cells = self.cells[key]
        try:
            return np.fromiter(map(cells.__getitem__, column), np.int64, len(column))
        except ValueError:
            row = next(n for n, cell in enumerate(column, first) if not _is_sound(cells, cell))
            reason = f"{key} has an answer that codebook {self.codebook.version} does not know"
            raise RegistrationsRefused(self.file, reason, row) from None

    def _carried(self, rows: list[list[str]], first: int) -> list[list[str]]:
        """Rows under an older codebook, as the newest would have them."""
        place = self.columns["codebook"]
        newest = self.codebook.version
        if all(row[place] == newest for row in rows):
            return rows
        return [
            row if row[place] == newest else self._translated(row, number)
            for number, row in enumerate(rows, first)
        ]

    def _translated(self, row: list[str], number: int) -> list[str]:
        version = row[self.columns["codebook"]]
        steps = self._steps(version, number)
        old = steps[0].old
        given = {name: row[place] for name, place in self.columns.items()}
        answers: Answers = cells.answers(old, given, self.file, number)
        for step in steps:
            answers = maps.translated(step, answers).answers
        missing = Absence.NOT_ASKED.value
        new = list(row)
        for key in self.keys:
            if key not in self.columns:
                self.columns[key] = len(self.columns)
            place = self.columns[key]
            new += [missing] * (place + 1 - len(new))
            new[place] = cells.cell(answers.get(key, missing))
        return new

    def _steps(self, version: str, number: int) -> list[maps.Map]:
        if version not in self.maps:
            known = list(versions.published_hashes(self.directory))
            if version not in known or known.index(version) >= known.index(self.codebook.version):
                reason = f"codebook {version[:20]!r} is not a published one before the newest"
                raise RegistrationsRefused(self.file, reason, number)
            books = [
                versions.codebook(each, self.directory)
                for each in known[known.index(version) : known.index(self.codebook.version) + 1]
            ]
            self.maps[version] = [
                maps.read_map(self.directory, old, new) for old, new in pairwise(books)
            ]
        return self.maps[version]

    def of_persons(self, persons: from_export.Persons, rows: Iterator[list[str]]) -> Registrations:
        """All persons of an export."""
        for chunk in _chunks(rows, self.file):
            persons.take(chunk)
        self.header(persons.names())
        table = persons.table()
        while chunk := list(islice(table, _CHUNK)):
            self.add(chunk)
        return self.made(np.fromiter(persons.conversations(), np.int32, len(self.cases)))

    def made(self, contacts: Path | NDArray[np.int32]) -> Registrations:
        """All that was taken up; with how often each came, or the table that tells it, if any."""
        if len(set(self.cases)) < len(self.cases):
            raise RegistrationsRefused(self.file, "has a case twice; each case counts once")
        empty = np.empty(0, np.int64)
        answers = {
            key: np.concatenate(pieces) if pieces else empty for key, pieces in self.pieces.items()
        }
        days = answers.pop(FIRST_SEEN)
        years, months = _calendar(days, self.file)
        if isinstance(contacts, Path):
            counted = _contacts(contacts, self.cases, years) if contacts.is_file() else None
        else:
            counted = contacts
        return Registrations(
            self.codebook,
            years,
            months,
            counted,
            answers,
            versions_by_year(years.tolist(), self.codebooks),
            self.simulated,
        )


def _is_sound(cells: Cells, cell: str) -> bool:
    try:
        cells[cell]
    except ValueError:
        return False
    return True


def _calendar(days: Codes, file: str) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
    """Years and months of ordinal days."""
    if absent := np.flatnonzero(days >= date.max.toordinal()).tolist():
        reason = f"{FIRST_SEEN} is absent; the day decides the year somebody counts in"
        raise RegistrationsRefused(file, reason, absent[0] + 2)
    dates = (days - date(1970, 1, 1).toordinal()).astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype(np.int64)
    return (months // 12 + 1970).astype(np.int16), (months % 12 + 1).astype(np.int8)


def _contacts(path: Path, cases: Sequence[str], years: NDArray[np.int16]) -> NDArray[np.int32]:
    """How often each case was in contact within the year it came into view.

    NOT_COUNTED for a case without any such contact: the table does not hold it.
    """
    place = {case: number for number, case in enumerate(cases)}
    counted = np.zeros(len(cases), np.int32)
    year_of = years.tolist()
    with _opened(path) as file:
        rows = csv.reader(file)
        names = _header(rows, path.name)
        if not {"case", "contacted_on"} <= set(names):
            raise RegistrationsRefused(path.name, "needs the columns case and contacted_on", 1)
        case, day = names.index("case"), names.index("contacted_on")
        for chunk in _chunks(rows, path.name):
            try:
                found = [
                    number
                    for row in chunk
                    if (number := place.get(row[case])) is not None
                    and int(row[day][:4]) == year_of[number]
                ]
            except (IndexError, ValueError):
                raise RegistrationsRefused(path.name, "has a row that is no contact") from None
            counted += np.bincount(found, minlength=len(cases)).astype(np.int32)
    counted[counted == 0] = NOT_COUNTED
    return counted
