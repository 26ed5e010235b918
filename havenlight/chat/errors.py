"""What chat refuses."""

from havenlight.core.errors import HavenlightError


class StepRefused(HavenlightError):
    """A conversation cannot go from one state to the other."""

    def __init__(self, current: str, to: str) -> None:
        super().__init__(f"a conversation that is {current} cannot become {to}")
        self.current = current


class AtCapacity(HavenlightError):
    """The member has as many conversations as she may have at once."""

    def __init__(self, load: int, capacity: int) -> None:
        super().__init__(f"conversations of weight {load} fill a capacity of {capacity}")


class TooMuchPractice(HavenlightError):
    """The member has as many practice conversations as she may have at once."""

    def __init__(self) -> None:
        super().__init__("end one of your practice conversations first")


class NotAllowed(HavenlightError):
    """Absent or out of reach: to the outside there is no difference."""


class IdReused(HavenlightError):
    """A conversation with this id was started with other keys."""


class EpochPassed(HavenlightError):
    """The key is sealed to a team key that is not the current one."""


class TooManyGuesses(HavenlightError):
    """So many codes were wrong in this minute that none is looked up until the next."""


class NotOpen(HavenlightError):
    """No chat may begin now: `door` is "closed" or "full", or "blocked" to one who comes back."""

    def __init__(self, door: str) -> None:
        super().__init__(f"the door is {door}")
        self.door = door


class NameTaken(HavenlightError):
    """There is a link of this name, or was one."""
