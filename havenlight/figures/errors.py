"""What counting refuses; no message ever carries an answer or the name of a case."""

from havenlight.core.errors import HavenlightError


class RegistrationsRefused(HavenlightError):
    """A file of registrations cannot be counted; `row` is None when no single row is at fault."""

    def __init__(self, file: str, reason: str, row: int | None = None) -> None:
        """Name the file, the row as a spreadsheet numbers it, and what to put right."""
        self.file, self.reason, self.row = file, reason, row
        super().__init__(f"{file}, row {row}: {reason}" if row else f"{file}: {reason}")


class OtherCodebook(HavenlightError):
    """Definitions under one codebook cannot count registrations read under another."""

    def __init__(self, defined: str, read: str) -> None:
        """Name both versions."""
        super().__init__(
            f"the figures are defined under codebook {defined}, the registrations were read under "
            f"{read}; add definitions for {read}, or read them under {defined}"
        )


class NothingToCount(HavenlightError):
    """Nobody came into view in the year, or quarter, that is asked for."""

    def __init__(self, period: int | str) -> None:
        """Name it: 2021, 2021q3."""
        self.period = period
        super().__init__(
            f"there is no registration of anyone who first came into view in {period}; give a "
            "period, or registrations, in which there are"
        )
