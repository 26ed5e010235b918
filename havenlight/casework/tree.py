"""Which case another one is part of now; pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from uuid import UUID

Into = Mapping[UUID, UUID]
"""Each merged case and the one it was merged into. Never in a circle."""


def root(case: UUID, into: Into) -> UUID:
    """The case that stands for this one: itself, unless it was merged."""
    while case in into:
        case = into[case]
    return case


def members(of: UUID, into: Into) -> frozenset[UUID]:
    """`of` and every case that was merged into it, directly or by way of others."""
    found = {of}
    while more := {case for case, target in into.items() if target in found} - found:
        found |= more
    return frozenset(found)


def first_days(
    days: Iterable[tuple[UUID, date]], root_of: Callable[[UUID], UUID]
) -> dict[UUID, date]:
    """The first day of each root, from the days of all cases' contacts."""
    first: dict[UUID, date] = {}
    for case, day in days:
        stands_for = root_of(case)
        first[stands_for] = min(day, first.get(stands_for, day))
    return first
