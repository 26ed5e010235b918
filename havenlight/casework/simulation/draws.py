"""Random draws that come out the same everywhere: plain arithmetic on one generator."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """One stream of draws; the same name gives the same stream."""

    def __init__(self, name: str) -> None:
        """Begin the stream of that name."""
        self._random = random.Random(name)  # noqa: S311 -- a simulation, which must be repeatable

    def chance(self, share: float) -> bool:
        """True in that share of draws."""
        return self._random.random() < share

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self._random.random() * (high - low + 1))

    def one(self, weights: Mapping[str, float]) -> str:
        """One of the keys, by weight."""
        keys = list(weights)
        return keys[self._place([weights[key] for key in keys])]

    def some(self, shares: Mapping[str, float], otherwise: str) -> tuple[str, ...]:
        """Each key in its own share of draws; `otherwise` when none came."""
        return tuple(key for key, share in shares.items() if self.chance(share)) or (otherwise,)

    def pick(
        self, among: Iterable[T], count: int, weight: Callable[[T], float] = lambda _: 1.0
    ) -> list[T]:
        """Exactly `count` of them, without replacement, the likelier the heavier.

        Raises ValueError when there are not so many with a weight above zero.
        """
        weighed = [(each, weight(each)) for each in among]
        rest = [each for each, heavy in weighed if heavy > 0]
        weights = [heavy for _, heavy in weighed if heavy > 0]
        if len(rest) < count:
            raise ValueError(f"{count} to pick, and only {len(rest)} can be")
        picked = []
        for _ in range(count):
            place = self._place(weights)
            picked.append(rest.pop(place))
            weights.pop(place)
        return picked

    def _place(self, weights: Sequence[float]) -> int:
        left = self._random.random() * sum(weights)
        for place, weight in enumerate(weights):
            left -= weight
            if left < 0:
                return place
        return len(weights) - 1
