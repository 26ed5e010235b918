"""What making and publishing an edition refuses."""

from havenlight.core.errors import HavenlightError


class EditionRefused(HavenlightError):
    """A file is no edition, or cannot be made into one; the message says what to put right."""


class EditionBroken(HavenlightError):
    """The attacker finds counts in it, so that it may not be published."""

    def __init__(self, found: tuple[str, ...]) -> None:
        """Keep which tables together tell too much; never what they tell."""
        self.found = found
        super().__init__(f"{len(found)} counts could be found, as from {found[0]}; nothing is made")


class NotAsSigned(HavenlightError):
    """An edition is not what was signed."""

    def __init__(self, reason: str) -> None:
        """Say which file, and how it differs."""
        self.reason = reason
        super().__init__(f"this is not the edition as it was signed: {reason}")


class OutRefused(HavenlightError):
    """The files cannot be written where they were asked for."""
