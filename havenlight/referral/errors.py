"""What referral refuses."""

from havenlight.core.errors import HavenlightError


class StepRefused(HavenlightError):
    """A referral cannot go from one state to the other."""

    def __init__(self, current: str, to: str) -> None:
        super().__init__(f"a referral that is {current} cannot become {to}")
        self.current = current


class NotAllowed(HavenlightError):
    """Absent or out of reach: to the outside there is no difference."""


class NoKey(HavenlightError):
    """The recipient has no public key, or is not in use, so nothing can be sealed to it."""


class IdReused(HavenlightError):
    """A referral with this id exists already."""


class EpochPassed(HavenlightError):
    """A package is sealed to a team key that is not the current one."""
