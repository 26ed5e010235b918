"""Reach: the persons a service reached, as a share of an estimate of all there are."""

from dataclasses import dataclass
from datetime import date
from math import exp, inf, log, sqrt

from havenlight.mse.errors import MseError, NotEstimable
from havenlight.mse.result import Estimate, Status
from havenlight.mse.tails import poisson_mean

NOT_A_LIST = (
    "the chat is anonymous: nobody can see whether a visitor is also on another list, so the chat "
    "cannot be a list in an estimate; it is a count, set against an estimate made without it"
)
NO_INTERVAL = (
    "the source of the estimate gives no interval, so this interval holds only the chance in the "
    "count and is too narrow"
)
CUT_AT_ALL = "the interval would reach over 100% and ends there"


class NotComparable(MseError):
    """The persons reached and the persons estimated are not counted by one definition."""


@dataclass(frozen=True)
class Population:
    """An estimate of how many persons there are, by whoever made it.

    `estimate`, `lower` and `upper` are persons in one year or whatever `who` says, `lower` and
    `upper` None when the source gives no interval; `level` is the coverage of theirs. `who` is
    the definition: sex, ages, form of exploitation, country, period. Register and survey figures
    are revised, so a number is known by its `source`, the day it was published, and the revision.
    Raises ValueError when the numbers do not order, NotComparable when source or definition lack.
    """

    estimate: float
    lower: float | None
    upper: float | None
    level: float
    who: str
    source: str
    published_on: date
    revision: str

    def __post_init__(self) -> None:
        """Check that the numbers order and that the origin is given."""
        for name in ("who", "source", "revision"):
            if not getattr(self, name).strip():
                raise NotComparable(f"an estimate without {name!r} cannot be compared with")
        if (self.lower is None) != (self.upper is None):
            raise ValueError("an interval has two ends")
        low = self.estimate if self.lower is None else self.lower
        high = self.estimate if self.upper is None else self.upper
        if not 0 < low <= self.estimate <= high < inf:
            raise ValueError(f"{low:g}, {self.estimate:g} and {high:g} are no interval of persons")
        _check_level(self.level)


@dataclass(frozen=True)
class Reach:
    """A share of a population, 0 to 1, with an interval that holds the chance in both numbers.

    `reached` are persons; `notes` say in plain words what to beware of, the first of them always
    that the chat is no list of the estimate.
    """

    reached: int
    population: Population
    share: float
    lower: float
    upper: float
    level: float
    notes: tuple[str, ...]


def reach(reached: int, population: Population, *, who: str) -> Reach:
    """Return which share of a population was reached, with an interval for both uncertainties.

    Args:
        reached: persons, each counted once, under the same definition as the population.
        population: an external estimate, or one of ours by `population_of`.
        who: the definition of those reached, in the very words of `population.who`.
    The interval has the level of the population's.
    Raises ValueError for a negative count; NotComparable when the definitions differ, or more
    persons were reached than are estimated to exist.
    Assumes that the count varies as a Poisson number, and that count and estimate err
    independently, as they do when the estimate was made without the chat.
    Source: intervals of the two numbers are joined on the logarithmic scale by the method of
    variance estimates recovery (Zou and Donner 2008, Statistics in Medicine 27, 1693-1702); that
    of the count is exact (Garwood 1936, Biometrika 28, 437-442). When nobody was reached the
    upper end is the count's own over the population's lower end, which is wide.
    """
    if who.strip() != population.who.strip():
        raise NotComparable(f"reached are {who!r}, but the estimate is of {population.who!r}")
    share = reached / population.estimate
    if share > 1:
        raise NotComparable(f"{reached} were reached of an estimated {population.estimate:g}")
    lower, upper = ratio_interval(reached, population)
    notes = [NOT_A_LIST]
    if population.lower is None:
        notes.append(NO_INTERVAL)
    if upper > 1:
        notes.append(CUT_AT_ALL)
    return Reach(reached, population, share, lower, min(upper, 1.0), population.level, tuple(notes))


def population_of(estimate: Estimate, *, who: str, published_on: date, revision: str) -> Population:
    """Return an estimate of ours as a population; raises NotEstimable when it holds no number."""
    if estimate.status is not Status.ESTIMATED or estimate.estimate is None:
        raise NotEstimable(f"{estimate.name} gave no number: {estimate.reason}")
    return Population(
        estimate=estimate.estimate,
        lower=estimate.lower,
        upper=estimate.upper,
        level=estimate.level,
        who=who,
        source=f"own estimate by {estimate.name} {estimate.model}".strip(),
        published_on=published_on,
        revision=revision,
    )


def ratio_interval(reached: int, population: Population) -> tuple[float, float]:
    """Return the interval of reached over population as `reach` describes it, not cut at 1."""
    low, high = poisson_interval(reached, population.level)
    fewest = population.estimate if population.lower is None else population.lower
    most = population.estimate if population.upper is None else population.upper
    if reached == 0:
        return 0.0, high / fewest
    middle = log(reached / population.estimate)
    below = sqrt(log(reached / low) ** 2 + log(most / population.estimate) ** 2)
    above = sqrt(log(high / reached) ** 2 + log(population.estimate / fewest) ** 2)
    return exp(middle - below), exp(middle + above)


def poisson_interval(count: int, level: float) -> tuple[float, float]:
    """Return the exact interval of a Poisson mean (Garwood 1936, Biometrika 28, 437-442).

    Raises ValueError for a negative count or a level outside 0 to 1.
    """
    if count < 0:
        raise ValueError(f"{count} persons reached is negative")
    _check_level(level)
    tail = (1 - level) / 2
    low = poisson_mean(count - 1, 1 - tail) if count else 0.0
    return low, poisson_mean(count, tail)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level {level:g} is not between 0 and 1")
