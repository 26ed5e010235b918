"""How fast a side may write: a token bucket a conversation and side, in memory only."""

from collections.abc import Callable, Hashable
from time import monotonic


class Buckets:
    """Each key may take `burst` at once and then `rate` a second."""

    def __init__(self, burst: int, rate: float, now: Callable[[], float] = monotonic) -> None:
        self._burst = burst
        self._rate = rate
        self._now = now
        self._level: dict[Hashable, tuple[float, float]] = {}

    def take(self, key: Hashable) -> int | None:
        """Take one; None when there was one, else whole seconds until there will be."""
        now = self._now()
        level, then = self._level.get(key, (self._burst, now))
        level = min(self._burst, level + (now - then) * self._rate)
        if level < 1:
            return max(1, round((1 - level) / self._rate + 0.5))
        self._level[key] = (level - 1, now)
        return None

    def forget_full(self) -> None:
        """Let go of keys whose bucket is full again: they stand for nothing any more."""
        now = self._now()
        full = [
            key
            for key, (level, then) in self._level.items()
            if level + (now - then) * self._rate >= self._burst
        ]
        for key in full:
            del self._level[key]
