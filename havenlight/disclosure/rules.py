"""The rules of protection: their least values, which can be made stricter and never looser."""

import secrets
from dataclasses import InitVar, dataclass, replace
from enum import StrEnum
from typing import Self

from havenlight.disclosure.errors import RulesRefused

LEAST_THRESHOLD = 5  # persons: fewer are not told apart
LEAST_PERSONS = 50  # persons: no table and no share on fewer
MOST_DOMINANCE = 0.9  # of a cell may come from one contributor
MOST_VARIABLES = 2  # no three-way tables


class TwoWay(StrEnum):
    """How two-way tables are protected; one-way tables merge, or say "fewer than"."""

    ROUNDED = "rounded"  # controlled rounding: each count becomes a multiple of the base beside it
    SUPPRESSED = "suppressed"  # the fewest cells hidden that protect the small ones
    PERTURBED = "perturbed"  # cell-key noise


@dataclass(frozen=True)
class Rules:
    """How much is protected, the same for all tables of an edition.

    threshold: counts of 1 to threshold - 1 are small (on a sensitive variable 0 is as well), and of
        every small count at least `threshold` values must remain possible to a reader.
    base: two-way tables are rounded to multiples of it; not below the threshold.
    least_persons: no table, and no share, on fewer persons.
    dominance: a cell of which one contributor gave more than this share is small whatever its size.
    rounds_all: bare counts and tables of one variable are rounded like those of two, for what is
        told besides and sooner than an exact count of the same persons: what changed in between
        would be found by subtracting, or the exact count had to give way.
    seed: decides the draws of rounding and noise: the same seed gives the same bytes. A reader who
        had it could try which counts give the printed numbers, so it is secret: drawn anew when
        none is given, no field, and never printed. Only tests and benchmarks give one, and
        editions of PERTURBED tables, which must keep theirs for the next.
    Raises RulesRefused, naming the value and the limit, when a rule is looser than the least.
    """

    threshold: int = LEAST_THRESHOLD
    base: int = 5
    least_persons: int = LEAST_PERSONS
    dominance: float = MOST_DOMINANCE
    two_way: TwoWay = TwoWay.ROUNDED
    rounds_all: bool = False
    seed: InitVar[int | None] = None

    def __post_init__(self, seed: int | None) -> None:
        """Check every limit, and keep the seed out of sight."""
        object.__setattr__(self, "_secret", secrets.token_hex() if seed is None else str(seed))
        if self.threshold < LEAST_THRESHOLD:
            raise RulesRefused(f"threshold {self.threshold} is below {LEAST_THRESHOLD}")
        if self.base < self.threshold:
            raise RulesRefused(f"base {self.base} is below the threshold {self.threshold}")
        if self.least_persons < LEAST_PERSONS:
            raise RulesRefused(f"tables on {self.least_persons} persons; least is {LEAST_PERSONS}")
        if not 0 < self.dominance <= MOST_DOMINANCE:
            raise RulesRefused(f"dominance {self.dominance} is not in 0 to {MOST_DOMINANCE}")

    def rounding_all(self) -> Self:
        """The same rules and draws, by which all is rounded."""
        made = replace(self, rounds_all=True)
        object.__setattr__(made, "_secret", self.secret)
        return made

    @property
    def secret(self) -> str:
        """What the draws are made from."""
        return str(self.__dict__["_secret"])
