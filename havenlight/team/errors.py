"""What the team refuses."""

from havenlight.core.errors import HavenlightError


class NotSetUp(HavenlightError):
    """The installation has no organisation yet."""

    def __init__(self) -> None:
        super().__init__("there is no organisation in this database; run `havenlight demo`")


class AlreadySetUp(HavenlightError):
    """The database holds an organisation that is not the demo's."""
