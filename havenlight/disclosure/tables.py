"""Tables of persons before protection, and what becomes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from havenlight.disclosure.errors import TableRefused

Counts = NDArray[np.int64]
Codes = tuple[str, ...]


@dataclass(frozen=True)
class Variable:
    """A variable of which every person has exactly one code.

    codes: all codes, in the order of print. What somebody may have several of (forms, for example)
        is one variable of yes and no for each.
    sensitive: then nobody may learn that all, or none, of a group have a code.
    absent: codes that are no answer (unknown, not asked); they are left out of the base of shares.
    neighbours: into which code a small code is merged. One that is not named says "fewer than 5".
    groups: subtotals by name, each the codes below it; a code is in one group at most.
    Raises TableRefused when these name a code that is not there, or one twice.
    """

    key: str
    codes: Codes
    sensitive: bool = False
    absent: Codes = ()
    neighbours: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, Codes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that all codes named are codes, once each."""
        grouped = [code for codes in self.groups.values() for code in codes]
        named = {*self.absent, *self.neighbours, *self.neighbours.values(), *grouped}
        strange = sorted(named - set(self.codes))
        if not self.codes or len(set(self.codes)) < len(self.codes):
            raise TableRefused(f"{self.key} has no codes, or one of them twice")
        if strange:
            raise TableRefused(f"{self.key} has no code {strange[0]!r}")
        if len(set(grouped)) < len(grouped):
            raise TableRefused(f"{self.key} has a code in two groups")


@dataclass(frozen=True, eq=False)
class Table:
    """How many persons of a population have each combination of codes; every person once.

    key: names the table for good, such as "2021/victims/age"; it is what findings speak of.
    population: names the persons, such as "victims-2021". Two tables of one name are about the very
        same persons; populations that contain each other are told to the ledger (`Ledger.link`).
    counts: shape is the number of codes of each variable; of no variable it is the bare count.
    largest: the same shape, how many persons of each cell came from its largest contributor (a
        partner site, a school, a family); None when there are no contributors to protect.
    Raises TableRefused when shapes differ or a count is not a whole number of persons.
    """

    key: str
    population: str
    variables: tuple[Variable, ...]
    counts: Counts
    largest: Counts | None = None

    def __post_init__(self) -> None:
        """Check shapes and counts, and make them read-only."""
        shape = tuple(len(variable.codes) for variable in self.variables)
        if len({variable.key for variable in self.variables}) < len(self.variables):
            raise TableRefused(f"{self.key} has a variable twice")
        for name in ("counts", "largest"):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, _whole(self.key, np.asarray(given), shape))

    @property
    def persons(self) -> int:
        """How many persons the table is about."""
        return int(self.counts.sum())


def _whole(key: str, counts: NDArray[np.generic], shape: tuple[int, ...]) -> Counts:
    if counts.shape != shape:
        raise TableRefused(f"{key} has counts of shape {counts.shape}, and codes of {shape}")
    whole = counts.astype(np.int64)
    if (whole != counts).any() or (whole < 0).any():
        raise TableRefused(f"{key} has a count that is not a whole number of persons")
    whole.setflags(write=False)
    return whole


class Shown(StrEnum):
    """How a cell is shown."""

    EXACT = "exact"  # value
    ROUNDED = "rounded"  # value, a multiple of the base; the count is less than one base away
    PERTURBED = "perturbed"  # value, with noise of at most lower to upper
    FEWER = "fewer"  # fewer than `upper` + 1, perhaps none
    RANGE = "range"  # from lower to upper: the complement of what says "fewer than"
    SUPPRESSED = "suppressed"  # nothing


class Reason(StrEnum):
    """Why a cell, a share or a table is not shown as it is."""

    SMALL = "small"  # fewer persons than the threshold
    DOMINATED = "dominated"  # nearly all from one contributor
    COMPLEMENT = "complement"  # a small cell could be found by subtracting
    GROUP = "group"  # a share of 0% or 100% of what is printed, on a sensitive variable
    BASE = "base"  # a table or share on too few persons
    WAYS = "ways"  # more than two variables
    ROUNDING = "rounding"  # as all cells of the table
    NOISE = "noise"  # as all cells of the table
    ATTACK = "attack"  # with all that has been published, a small count could be found


@dataclass(frozen=True)
class Cell:
    """A cell as it may be printed.

    codes: for each variable of the table the codes that the cell holds together: one; several when
        merged or a subtotal; all of them (an empty tuple) in a margin.
    value: what is printed: a count when EXACT, about it when ROUNDED or PERTURBED, otherwise None.
    lower, upper: the counts that what is printed leaves possible; upper None is "no limit said".
    share: whole per cents of the base (for two-way tables: of the row), or None with its reason.
    """

    codes: tuple[Codes, ...]
    shown: Shown
    value: int | None
    lower: int
    upper: int | None
    share: int | None = None
    reason: Reason | None = None
    share_reason: Reason | None = None

    @property
    def is_margin(self) -> bool:
        """Whether the cell sums over a variable."""
        return any(codes == () for codes in self.codes)


@dataclass(frozen=True)
class ProtectedTable:
    """A table as it may be published: cells in order of print, margins after what they sum.

    withheld: why nothing of it may be published (`cells` is then empty); None when it may.
    """

    key: str
    population: str
    variables: tuple[Variable, ...]
    cells: tuple[Cell, ...]
    withheld: Reason | None = None

    def cell(self, *codes: str | None) -> Cell:
        """The cell that holds these codes, one for each variable; None sums over a variable.

        A subtotal is never meant: of several cells it is the one with the fewest codes. Raises
        KeyError when there is none, as in a table that is withheld.
        """
        fitting = [cell for cell in self.cells if _holds(cell, codes)]
        if not fitting:
            raise KeyError(codes)
        return min(fitting, key=lambda cell: sum(map(len, cell.codes)))


def _holds(cell: Cell, asked: tuple[str | None, ...]) -> bool:
    return len(cell.codes) == len(asked) and all(
        held == () if code is None else code in held
        for held, code in zip(cell.codes, asked, strict=True)
    )
