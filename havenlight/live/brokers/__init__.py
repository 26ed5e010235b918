"""How the processes of an installation tell each other what happened: lossy, the database heals."""

from collections.abc import Callable
from typing import Protocol

from django.conf import settings

from havenlight.core.hints import Hint
from havenlight.live.brokers.alone import Alone


class Broker(Protocol):
    """Passes hints to the other processes. It may lose one, but never invent or alter one."""

    def start(self, heard: Callable[[Hint], None], gap: Callable[[], None]) -> None:
        """Begin. `heard` gets each hint of another process; `gap` is told when some may be lost."""

    def publish(self, hint: Hint) -> None:
        """Pass `hint` on soon; never waits, never fails."""

    async def stop(self) -> None:
        """Pass on what is left, and end."""


def broker() -> Broker:
    """The broker of this installation's settings."""
    if not settings.REDIS_URL:
        return Alone()
    # An installation without Redis need not wait for its library when it starts.
    from havenlight.live.brokers.redis import RedisBroker  # noqa: PLC0415

    return RedisBroker(settings.REDIS_URL)
