"""Reading text/event-stream as it comes in pieces."""

import json
from dataclasses import dataclass
from typing import Any

from havenlight.client.errors import ProtocolBroken


@dataclass(frozen=True, slots=True)
class Frame:
    """One event: its name and its data, which is a JSON object."""

    name: str
    data: dict[str, Any]


class Parser:
    """Turns pieces of a stream into frames."""

    def __init__(self) -> None:
        self.retry_seconds: float | None = None
        self._rest = b""
        self._name = ""
        self._data: list[bytes] = []

    def feed(self, piece: bytes) -> list[Frame]:
        """The frames that this piece completes; raises ProtocolBroken for data that is not JSON."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        found = (self._take(line.removesuffix(b"\r")) for line in lines)
        return [frame for frame in found if frame]

    def _take(self, line: bytes) -> Frame | None:
        if not line:
            return self._finish()
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"event":
            self._name = value.decode()
        elif field == b"data":
            self._data.append(value)
        elif field == b"retry" and value.isdigit():
            self.retry_seconds = int(value) / 1000
        return None

    def _finish(self) -> Frame | None:
        name, data = self._name, b"\n".join(self._data)
        self._name, self._data = "", []
        if not data:
            return None
        try:
            fields = json.loads(data)
        except ValueError as error:
            raise ProtocolBroken(f"the data of event {name!r} is not JSON") from error
        if not isinstance(fields, dict):
            raise ProtocolBroken(f"the data of event {name!r} is not an object")
        return Frame(name, fields)
