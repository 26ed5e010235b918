"""Hints: what one part of the process tells the live streams, on a best-effort basis.

A hint may be lost; the database is the truth and the streams heal from it. So a command without
streams may publish too: nobody listens, and the sweep of the live processes finds the change.
"""

from collections.abc import Callable, Sequence

Hint = Sequence[object]
"""A JSON array whose first item names its kind; `havenlight.live.hub` lists the kinds."""

_publishers: list[Callable[[Hint], None]] = []


def publish(hint: Hint) -> None:
    """Pass `hint` to the live streams of this installation, from any thread."""
    for publisher in _publishers:
        publisher(hint)


def connect(publisher: Callable[[Hint], None]) -> Callable[[], None]:
    """Let `publisher` have every hint; the answer undoes it. `publisher` must be thread-safe."""
    _publishers.append(publisher)
    return lambda: _publishers.remove(publisher)
