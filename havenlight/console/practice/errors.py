"""What practice refuses."""

from havenlight.core.errors import HavenlightError


class ScriptBroken(HavenlightError):
    """A story leads to a step that is not there, or neither goes on nor ends."""

    def __init__(self, story: str, step: str) -> None:
        super().__init__(f"step {step!r} of the story {story!r} does not go on as it should")
