"""What a load is to do, as the benchmark hands it over in a file."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pair:
    """One conversation: a visitor at one process, a member at another or the same.

    The peer of the benchmark knows no tokens, keys and senders; they are empty there.
    """

    conversation: str
    visitor_port: int
    member_port: int
    visitor_token: str = ""
    member_token: str = ""
    sender: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A load.

    Args:
        protocol: "live" or "channels".
        streams: (port, token) of the members' streams, which carry several conversations.
        messages_each: how many messages a side has ready.
        rate: messages a second in all; without it, each conversation goes on as fast as it can.
        idle: numbers of visitors to connect one after the other; then nobody writes.
    """

    protocol: str
    pairs: list[Pair]
    streams: list[tuple[int, str]]
    messages_each: int = 0
    rate: float | None = None
    warm_up_seconds: float = 1.0
    seconds: float = 5.0
    idle: tuple[int, ...] = ()

    def write(self, path: Path) -> None:
        """Hand it over."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """Take it over."""
        fields = json.loads(path.read_text(encoding="utf-8"))
        fields["pairs"] = [Pair(**pair) for pair in fields["pairs"]]
        return cls(**fields)
