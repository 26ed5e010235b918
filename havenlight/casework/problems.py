"""What is wrong with a spreadsheet: told by row and column, however much it is."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from havenlight.casework.errors import ImportRefused
from havenlight.casework.formulas import harmless

TOLD = 100
"""So many are told one by one; a file of a hundred thousand rows may have millions."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong; `row` counts as a spreadsheet does, the header being row 1, 0 the file."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        if not self.row:
            return f"the file {self.reason}"
        where = f"row {self.row}, {self.column}" if self.column else f"row {self.row}"
        return f"{where}: {self.reason}"


@dataclass
class Problems:
    """The first problems of a file, and how many there are in each column."""

    first: list[Problem] = field(default_factory=list)
    columns: Counter[str] = field(default_factory=Counter)

    def add(self, problem: Problem) -> None:
        """Count one more."""
        self.columns[problem.column] += 1
        if len(self.first) < TOLD:
            self.first.append(problem)

    def __len__(self) -> int:
        """How many there are in all."""
        return self.columns.total()

    def told(self) -> Iterator[str]:
        """The first in full; of more than those, how many are in each column."""
        yield from map(str, self.first)
        if len(self) > len(self.first):
            yield f"these are the first {len(self.first)} of {len(self)} problems, in all of them:"
            for column, count in self.columns.most_common():
                yield f"  {column or 'the whole row'}: {count}"


def write_all(path: Path, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Pass these problems on, and write each of them as a row of a new CSV file."""
    try:
        file = path.open("x", encoding="utf-8", newline="")
    except OSError as error:
        raise ImportRefused(f"{path} cannot be written: {error.strerror}") from None
    with file:
        writer = csv.writer(file)
        writer.writerow(["row", "column", "reason"])
        for one in problems:
            writer.writerow([one.row, harmless(one.column), harmless(one.reason)])
            yield one
