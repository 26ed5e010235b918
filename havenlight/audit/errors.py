"""What the audit refuses."""

from havenlight.core.errors import HavenlightError


class ChainBroken(HavenlightError):
    """A line of the audit is not as it was written."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(f"line {number} of the audit {what}")
        self.number = number


class NotAPlace(HavenlightError):
    """What was given as a noted place is none."""

    def __init__(self) -> None:
        super().__init__("a noted place is a number, a colon and 64 of 0-9 and a-f")
