"""The broker of an installation with one process: there is nobody else to tell."""

from collections.abc import Callable

from havenlight.core.hints import Hint


class Alone:
    """Every hint has already reached all streams there are."""

    def start(self, heard: Callable[[Hint], None], gap: Callable[[], None]) -> None:
        """Nothing is ever heard from another process, so nothing can be lost."""

    def publish(self, hint: Hint) -> None:
        """The process that publishes has told its own streams."""

    async def stop(self) -> None:
        """There is nothing left to pass on."""
