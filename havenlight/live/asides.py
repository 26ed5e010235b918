"""What colleagues tell each other, as a type of its own: no stream of a visitor takes it."""

import json
from typing import final


@final
class Aside:
    """Something for members alone: of the team room, a call for help.

    It is neither bytes nor a JSON value, and names no conversation's streams. What every stream
    takes is bytes; an Aside is taken by `streams.MemberStream.tell` alone.
    """

    __slots__ = ("_fields", "_kind")

    def __init__(self, kind: str, fields: dict[str, object]) -> None:
        self._kind = kind
        self._fields = fields

    def frame(self) -> bytes:
        """The event `k` of the protocol."""
        data = json.dumps({"kind": self._kind, **self._fields}, separators=(",", ":"))
        return f"event: k\ndata: {data}\n\n".encode()
