"""Two lists: Chapman's estimate, and what two lists can never tell."""

from collections.abc import Callable
from math import sqrt

from havenlight.mse.errors import NotEstimable
from havenlight.mse.result import Estimate, Status, no_estimate
from havenlight.mse.table import CaptureTable

NAME = "chapman"
WARNING = (
    "two lists cannot show whether being on one makes being on the other more or less likely; "
    "if it makes it more likely, for instance by referrals, the estimate is too low"
)
FARTHEST = 10**15  # persons; beyond it the distribution's own rounding decides


def chapman(first: int, second: int, overlap: int, *, level: float = 0.95) -> Estimate:
    """Estimate how many persons there are from two lists of some of them.

    Args:
        first, second: persons on each list, every person counted once.
        overlap: persons on both; 0 <= overlap <= min(first, second).
        level: coverage the interval claims, between 0 and 1.
    Raises NotEstimable when both lists are empty, or share nobody, since no population is then
    too large to fit; ValueError when `overlap` or `level` does not fit.
    Assumes that being on one list says nothing about being on the other. Lists fed by
    referrals break this; docs/methods/mse.md tells what to use then.
    Source: Chapman (1951); standard error after Seber (1982), p. 60. The interval holds every
    size under which neither so small nor so large an overlap is rarer than (1 - level) / 2, by
    the hypergeometric distribution, as Clopper and Pearson (1934) do for a share.
    """
    _check(first, second, overlap, level)
    estimate = (first + 1) * (second + 1) / (overlap + 1) - 1
    lower, upper = _interval(first, second, overlap, (1 - level) / 2)
    return Estimate(
        name=NAME,
        estimate=estimate,
        lower=float(lower),
        upper=float(upper),
        level=level,
        model="[1,2]",
        reason=WARNING,
        details={"standard_error": standard_error(first, second, overlap)},
    )


def chapman_of(table: CaptureTable, *, level: float = 0.95) -> Estimate:
    """Give `chapman` for a table of two lists, or its refusal as status and reason."""
    if table.n_lists != 2:
        return no_estimate(NAME, Status.NOT_APPLICABLE, f"{table.n_lists} lists instead of two")
    first, second = table.list_totals().tolist()
    try:
        return chapman(first, second, int(table.overlaps()[0, 1]), level=level)
    except NotEstimable as refusal:
        return no_estimate(NAME, Status.NOT_ESTIMABLE, str(refusal))


def standard_error(first: int, second: int, overlap: int) -> float:
    """Return the standard error of Chapman's estimate, in persons (Seber 1982, p. 60)."""
    unshared = (first - overlap) * (second - overlap)
    return sqrt((first + 1) * (second + 1) * unshared / ((overlap + 1) ** 2 * (overlap + 2)))


def _check(first: int, second: int, overlap: int, level: float) -> None:
    if not 0 <= overlap <= min(first, second):
        raise ValueError(f"overlap {overlap} does not fit lists of {first} and {second}")
    if not 0 < level < 1:
        raise ValueError(f"level {level:g} is not between 0 and 1")
    if first == second == 0:
        raise NotEstimable("both lists are empty")
    if overlap == 0:
        raise NotEstimable("nobody is on both lists, so that a population of any size fits")


def _interval(first: int, second: int, overlap: int, tail: float) -> tuple[int, int]:
    """Return the smallest and the largest size under which the overlap is not too unusual."""
    from scipy.stats import hypergeom  # noqa: PLC0415 -- a second to import, for this alone

    seen = first + second - overlap
    lower = _first_from(seen, lambda size: bool(hypergeom.cdf(overlap, size, first, second) > tail))
    above = _first_from(
        lower, lambda size: bool(hypergeom.sf(overlap - 1, size, first, second) <= tail)
    )
    return lower, above - 1


def _first_from(start: int, holds: Callable[[int], bool]) -> int:
    """Return the smallest number from `start` on for which `holds`, which then stays so."""
    if holds(start):
        return start
    below, step = start, 1
    while not holds(below + step):
        below += step
        step *= 2
        if below > FARTHEST:
            raise NotEstimable(f"the interval reaches beyond {FARTHEST:.0e} persons")
    above = below + step
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if holds(middle) else (middle, above)
    return above
