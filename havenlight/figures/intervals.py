"""How far chance alone could have moved a figure."""

from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist

from havenlight.mse.tails import binomial_share

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends; `level` is how often such intervals hold the true value."""

    lower: float
    upper: float
    level: float = LEVEL

    def holds(self, value: float) -> bool:
        """Whether chance alone may explain that value."""
        return self.lower <= value <= self.upper


def wilson(part: int, base: int, level: float = LEVEL) -> Interval:
    """The interval of a share, 0 to 1, of `part` persons among `base`.

    The year's persons are taken as a sample of all who could have come. Raises ValueError when
    `part` does not fit in `base`, or the base is empty.
    Source: Wilson (1927), JASA 22, 209-212; recommended by Brown, Cai and DasGupta (2001),
    Statistical Science 16, 101-133.
    """
    if not 0 <= part <= base or base == 0:
        raise ValueError(f"{part} is no part of a base of {base}")
    z = _z(level)
    share, factor = part / base, 1 + z * z / base
    middle = (share + z * z / (2 * base)) / factor
    half = z / factor * sqrt(share * (1 - share) / base + z * z / (4 * base * base))
    lower = 0.0 if part == 0 else max(middle - half, 0.0)
    upper = 1.0 if part == base else min(middle + half, 1.0)
    return Interval(lower, upper, level)


def ratio(later: int, earlier: int, level: float = LEVEL) -> Interval:
    """The interval of the ratio of two counts, `later` over `earlier`, as of two years.

    Both counts are taken as Poisson numbers; given their sum, the later one is then binomial, and
    its exact interval becomes that of the ratio. Raises ValueError when both are 0.
    Source: Przyborowski and Wilenski (1940), Biometrika 31, 313-323; Clopper and Pearson (1934),
    Biometrika 26, 404-413.
    """
    if later < 0 or earlier < 0 or later + earlier == 0:
        raise ValueError(f"{later} and {earlier} have no ratio")
    tail, both = (1 - level) / 2, later + earlier
    low = binomial_share(later - 1, both, 1 - tail) if later else 0.0
    high = binomial_share(later, both, tail) if earlier else 1.0
    return Interval(low / (1 - low), high / (1 - high) if high < 1 else inf, level)


def difference(later: tuple[int, int], earlier: tuple[int, int], level: float = LEVEL) -> Interval:
    """The interval of the difference of two shares, each as (part, base); -1 to 1.

    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    one, other = wilson(*later, level), wilson(*earlier, level)
    first, second = later[0] / later[1], earlier[0] / earlier[1]
    between = first - second
    below = sqrt((first - one.lower) ** 2 + (other.upper - second) ** 2)
    above = sqrt((one.upper - first) ** 2 + (second - other.lower) ** 2)
    return Interval(between - below, between + above, level)


def _z(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"level {level:g} is not between 0 and 1")
    return NormalDist().inv_cdf((1 + level) / 2)
