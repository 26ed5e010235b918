"""The refusals of the protocol: one fixed list, docs/protocol.md section 7."""

from havenlight.core.errors import HavenlightError

STATUS: dict[str, int] = {
    "malformed": 400,
    "token": 401,
    "origin": 403,
    "unknown": 404,
    "method": 405,
    "closed": 409,
    "ended": 409,
    "epoch": 409,
    "full": 409,
    "id_reused": 409,
    "n_used": 409,
    "taken": 409,
    "capacity": 409,
    "blocked": 409,
    "too_large": 413,
    "not_json": 415,
    "too_fast": 429,
    "busy": 503,
    "storage": 503,
    "stopping": 503,
}
"""HTTP status by code."""


class Refused(HavenlightError):
    """A request is answered with `code`; `retry_after` in seconds where trying again may help."""

    def __init__(self, code: str, retry_after: int | None = None) -> None:
        super().__init__(f"refused: {code}")
        self.code = code
        self.status = STATUS[code]
        self.retry_after = retry_after

    def as_json(self) -> dict[str, object]:
        """The body of the answer."""
        if self.retry_after is None:
            return {"code": self.code}
        return {"code": self.code, "retry_after": self.retry_after}
