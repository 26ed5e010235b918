"""What counting refuses; no message ever carries an answer or the name of a case."""

from havenlight.core.errors import HavenlightError


class RegistrationsRefused(HavenlightError):
    """A file of registrations cannot be counted; `row` is None when no single row is at fault."""

    def __init__(self, file: str, reason: str, row: int | None = None) -> None:
        """Name the file, the row as a spreadsheet numbers it, and what to put right."""
        self.file, self.reason, self.row = file, reason, row
        super().__init__(f"{file}, row {row}: {reason}" if row else f"{file}: {reason}")


class NothingToCount(HavenlightError):
    """Nobody came into view in the year that is asked for."""

    def __init__(self, year: int) -> None:
        """Name the year."""
        self.year = year
        super().__init__(f"there is no registration of anyone who first came into view in {year}")
