"""What a client of the protocol meets; no message ever carries a text or a token."""

from typing import Any

from havenlight.core.errors import HavenlightError


class Lost(HavenlightError):
    """There was no answer to be understood; what was asked may have been done or not."""


class ProtocolBroken(HavenlightError):
    """The server said something that docs/protocol.md does not allow."""


class ServerRefused(HavenlightError):
    """The server said no: `code` of docs/protocol.md section 7, `retry_after` in seconds.

    `work` is what would open the way at once, where the server asks for some.
    """

    def __init__(
        self,
        status: int,
        code: str,
        retry_after: float | None = None,
        work: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"refused with {status} {code}")
        self.status = status
        self.code = code
        self.retry_after = retry_after
        self.work = work

    @property
    def is_passing(self) -> bool:
        """Whether the same request may be answered later; an unknown code goes by its status."""
        return self.status == 429 or self.status >= 500


class Behind(HavenlightError):
    """Another client of the same sender wrote meanwhile: read the events, then say it again."""


class StreamEnded(HavenlightError):
    """The server ended the stream for good, and `code` says why: `replaced` by a newer one."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the stream ended: {code}")
        self.code = code


class SignInRefused(HavenlightError):
    """E-mail address and password do not go together."""


class NotUnlocked(HavenlightError):
    """A member's keys are needed, and her phrase was not given."""
