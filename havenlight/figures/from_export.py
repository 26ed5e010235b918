"""What `havenlight registrations export` writes, as the table that figures read: a row a person."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from havenlight.casework import versions
from havenlight.casework.codebook import Absence, Answers, Codebook
from havenlight.casework.formulas import plain
from havenlight.casework.mapping import CONVERSATIONS, DAY, PACKAGE, PERSON, SEPARATOR, SIMULATED
from havenlight.casework.persons import combined
from havenlight.figures import cells
from havenlight.figures.columns import NOT_COUNTED
from havenlight.figures.errors import RegistrationsRefused


@dataclass(frozen=True, slots=True)
class _Row:
    """A registration."""

    number: int
    cells: dict[str, str]


@dataclass
class Persons:
    """The registrations of an export, by person."""

    file: str
    codebook: Codebook
    header: Sequence[str]
    rows: dict[str, list[_Row]] = field(default_factory=dict)
    _taken: int = 0

    def take(self, rows: Iterable[list[str]]) -> None:
        """Take up more rows; those of one person stand under one number."""
        for number, row in enumerate(rows, start=self._taken + 2):
            self._taken += 1
            if len(row) != len(self.header):
                reason = f"does not have {len(self.header)} cells"
                raise RegistrationsRefused(self.file, reason, number)
            held = dict(zip(self.header, map(plain, row), strict=True))
            if not held[PERSON]:
                raise RegistrationsRefused(self.file, f"says no {PERSON}", number)
            self.rows.setdefault(held[PERSON], []).append(_Row(number, held))

    def names(self) -> list[str]:
        """The header of the table."""
        return [SIMULATED, "case", "codebook", *self.codebook.variables]

    def table(self) -> Iterator[list[str]]:
        """A row a person: what her registrations say together, on the day she was first seen."""
        for person, rows in self.rows.items():
            said = [self._answers(row) for row in rows]
            known = combined(self.codebook, said) if len(said) > 1 else said[0]
            held = {key: cells.cell(known[key]) for key in self.codebook.variables}
            held["contacted_on"] = rows[0].cells[DAY]
            marks = rows[0].cells.get(SIMULATED, "no"), person, self.codebook.version
            yield [*marks, *held.values()]

    def _answers(self, row: _Row) -> Answers:
        held = {key: row.cells[key].replace(SEPARATOR, " ") for key in self.codebook.variables}
        return cells.answers(self.codebook, held, self.file, row.number)

    def conversations(self) -> Iterator[int]:
        """How many each had in the year of her first day; NOT_COUNTED where nobody knows."""
        for rows in self.rows.values():
            cell = rows[0].cells[CONVERSATIONS]
            if cell in {"", Absence.UNKNOWN}:
                yield NOT_COUNTED
            elif cell.isascii() and cell.isdecimal() and int(cell):
                yield int(cell)
            else:
                reason = f"{CONVERSATIONS} is no number of at least 1, nor unknown"
                raise RegistrationsRefused(self.file, reason, rows[0].number)


def is_one(header: Sequence[str]) -> bool:
    """Whether a file with this header is such an export."""
    return {PERSON, DAY, CONVERSATIONS} <= set(header)


def persons(path: Path, newest: Codebook, header: Sequence[str]) -> Persons:
    """An export, of which no row was taken up yet, under the codebook that its package names."""
    named = _named(path.with_name(PACKAGE), newest.version)
    if named not in versions.published_hashes():
        raise RegistrationsRefused(
            PACKAGE, f"names codebook {named[:20]!r}, which is not published"
        )
    codebook = versions.codebook(named)
    if missing := next((key for key in codebook.variables if key not in header), None):
        raise RegistrationsRefused(path.name, f"has no column {missing}", 1)
    return Persons(path.name, codebook, header)


def _named(package: Path, newest: str) -> str:
    try:
        return str(json.loads(package.read_text(encoding="utf-8"))["codebook"])
    except FileNotFoundError:
        return newest
    except (OSError, ValueError, KeyError, TypeError):
        reason = (
            "names no codebook; lay the one beside the registrations that was written with them"
        )
        raise RegistrationsRefused(package.name, reason) from None
