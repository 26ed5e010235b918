"""What the streams of this process were told of a conversation's state."""

from havenlight.chat.queries import StateRow


class Told:
    """Remembers it, so that each change is told to all streams once or more, and never not at all.

    A stream begins with what the database said when it was read, which may be older or newer than
    what the others were told. Then nothing counts as told: the hint that is on its way, or else
    the sweep, tells all of them.
    """

    def __init__(self) -> None:
        self._states: dict[str, StateRow | None] = {}

    def greeted(self, conv: str, state: StateRow) -> None:
        """A stream of `conv` begins with `state`."""
        if self._states.setdefault(conv, state) != state:
            self._states[conv] = None

    def is_news(self, conv: str, state: StateRow) -> bool:
        """Whether some stream may not know `state` yet; from now on all do."""
        if self._states.get(conv) == state:
            return False
        self._states[conv] = state
        return True

    def forget(self, conv: str) -> None:
        """No stream of `conv` is left."""
        self._states.pop(conv, None)
