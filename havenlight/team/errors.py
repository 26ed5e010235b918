"""What the team refuses."""

from havenlight.core.errors import HavenlightError


class NotSetUp(HavenlightError):
    """The installation has no organisation yet."""

    def __init__(self) -> None:
        super().__init__("there is no organisation in this database; run `havenlight demo`")


class AlreadySetUp(HavenlightError):
    """The database holds an organisation that is not the demo's."""


class KeyTaken(HavenlightError):
    """A passkey, or the organisation's key, is there already."""


class SealRefused(HavenlightError):
    """A team key is sealed to somebody who may not hold it, or in an epoch that is not kept."""


class RosterRefused(HavenlightError):
    """A manifest names somebody who may not hold the team key, or lacks what an epoch needs."""


class NotAllowed(HavenlightError):
    """What was asked for is not there, or not for who asks; the two are not told apart."""


class MemberRefused(HavenlightError):
    """Refused: the address is "taken", or it is the "last" coordinator, or way of signing in."""

    def __init__(self, why: str) -> None:
        super().__init__(f"refused: {why}")
        self.why = why


class FoundingRefused(HavenlightError):
    """Something that was said of a new helpline cannot be; the message says what."""
