"""What making and publishing an edition refuses."""

from havenlight.core.errors import HavenlightError


class EditionRefused(HavenlightError):
    """A file is no edition, or cannot be made into one; the message says what to put right."""


class KeyRefused(EditionRefused):
    """The key that editions are signed with is no key."""

    def __init__(self, name: str) -> None:
        """Name its file, and say what to do."""
        super().__init__(
            f"{name} is no key for reports: it must hold 32 bytes; take it from a backup, or "
            "remove it: then a new one is made, and readers must be told its public key"
        )


class EditionBroken(HavenlightError):
    """The attacker finds counts in it, so that it may not be published."""

    def __init__(self, found: tuple[str, ...]) -> None:
        """Keep which tables together tell too much; never what they tell."""
        self.found = found
        super().__init__(
            f"{len(found)} counts could be found, as from {found[0]}; nothing is made: raise "
            "--threshold, or wait until there are more registrations"
        )


class NotAsSigned(HavenlightError):
    """An edition is not what was signed."""

    def __init__(self, reason: str) -> None:
        """Say which file, and how it differs."""
        self.reason = reason
        super().__init__(
            f"this is not the edition as it was signed: {reason}; get it again from who "
            "published it"
        )


class MadeOtherwise(HavenlightError):
    """An edition is as it was signed, but this version of Havenlight makes its files otherwise."""

    def __init__(self, name: str) -> None:
        """Name a file that comes out otherwise."""
        super().__init__(
            f"{name} comes out otherwise: the edition is as it was signed, by another version of "
            "Havenlight; rebuild it with that one"
        )


class OutRefused(HavenlightError):
    """The files cannot be written where they were asked for."""


class StepRefused(HavenlightError):
    """An edition cannot go from one state to another, or not by this member."""

    def __init__(self, current: str, to: str) -> None:
        """Name both states."""
        self.current, self.to = current, to
        super().__init__(f"an edition that is {current} cannot become {to}")


class SamePerson(HavenlightError):
    """Who built an edition cannot review it."""

    def __init__(self) -> None:
        """Say what is wanted."""
        super().__init__("an edition is reviewed by somebody else than who built it")


class LedgerMoved(HavenlightError):
    """Something else was told while this was being worked out; it must be attacked anew."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("something else was told in the meantime; build it again")


class QuestionRefused(HavenlightError):
    """A question cannot be asked; `reason` says why in one word."""

    def __init__(self, reason: str) -> None:
        """Keep the reason for `wording`."""
        self.reason = reason
        super().__init__(f"this cannot be asked: {reason}")


class BudgetSpent(HavenlightError):
    """Another file of made-up persons would tell too much of the persons of a year."""

    def __init__(self, year: int, spent: float, asked: float, most: float) -> None:
        """Keep the numbers for who asks."""
        self.year, self.left = year, max(0.0, most - spent)
        super().__init__(
            f"files of made-up persons have cost epsilon {spent:g} of {most:g} for those first "
            f"seen in {year}, so that {asked:g} more is refused: it adds up; use a file that there "
            f"is"
        )


class NotAllowed(HavenlightError):
    """Absent or out of reach: to the outside there is no difference."""
