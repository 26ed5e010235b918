"""What casework refuses; no message ever carries an answer, only the variable and the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from havenlight.core.errors import HavenlightError


class CodebookRefused(HavenlightError):
    """A file is not a codebook, or not a map between two of them."""

    def __init__(self, file: str, variable: str, reason: str) -> None:
        """Name the file, the variable (or the key at the top), and what is wrong with it."""
        self.file, self.variable, self.reason = file, variable, reason
        super().__init__(f"{file}: {variable}: {reason}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one answer cannot be kept."""

    variable: str
    reason: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.reason}"


class AnswersRefused(HavenlightError):
    """Answers do not fit their codebook; `refusals` names every variable that is wrong."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        """Keep them all, so that a person can put all of them right at once."""
        self.refusals = tuple(refusals)
        super().__init__("; ".join(str(refusal) for refusal in refusals))


class SimulationRefused(HavenlightError):
    """There is nothing published that this year could be made to look like."""


class NotAllowed(HavenlightError):
    """Absent or out of reach: to the outside there is no difference."""


class MergeRefused(HavenlightError):
    """Two cases cannot be one, or a case is not part of another one that it could leave."""


class LinkRefused(HavenlightError):
    """A contact cannot be linked to a case, or is not."""


class CorrectionRefused(HavenlightError):
    """Nothing would change, or someone else changed it since it was looked at."""


class SecondCodingRefused(HavenlightError):
    """A second coding comes from a colleague, once."""


class MappingRefused(HavenlightError):
    """A mapping file does not say how a spreadsheet is read; the message says what is wrong."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the mapping {reason}")


class ImportRefused(HavenlightError):
    """A spreadsheet has problems, so nothing of it was imported."""
