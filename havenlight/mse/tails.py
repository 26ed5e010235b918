"""Exact intervals from the tails of counts.

SciPy has these as inverses of the incomplete gamma and beta functions. It takes half a second to
load, which every report would wait for, since every report tells its reach and its growth.
"""

from collections.abc import Callable
from math import exp, lgamma, log, log1p

_HALVINGS = 100  # until an interval between two numbers is as narrow as numbers are
_NEGLIGIBLE = 1e-18


def poisson_mean(count: int, chance: float) -> float:
    """The mean of which a Poisson number is at most `count` with this chance, within 0 to 1."""
    highest = 2.0 * count + 50
    while _poisson_up_to(count, highest) > chance:
        highest *= 2
    return _where(lambda mean: _poisson_up_to(count, mean), chance, highest)


def binomial_share(count: int, of: int, chance: float) -> float:
    """The share of which a binomial number of `of` is at most `count` with this chance."""
    return _where(lambda share: _binomial_up_to(count, of, share), chance, 1.0)


def _where(falling: Callable[[float], float], value: float, highest: float) -> float:
    """Where a function that falls from 0 to `highest` has this value."""
    low, high = 0.0, highest
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if falling(middle) > value else (low, middle)
    return (low + high) / 2


def _poisson_up_to(count: int, mean: float) -> float:
    if mean > count:
        first = exp(count * log(mean) - mean - lgamma(count + 1))
        return _tail(first, count, -1, lambda at: at / mean)
    above = count + 1
    first = exp(above * log(mean) - mean - lgamma(above + 1))
    return 1 - _tail(first, above, 1, lambda at: mean / (at + 1))


def _binomial_up_to(count: int, of: int, share: float) -> float:
    odds = share / (1 - share)
    if share * of > count:
        first = _binomial(count, of, share)
        return _tail(first, count, -1, lambda at: at / ((of - at + 1) * odds))
    first = _binomial(count + 1, of, share)
    return 1 - _tail(first, count + 1, 1, lambda at: (of - at) * odds / (at + 1))


def _binomial(count: int, of: int, share: float) -> float:
    ways = lgamma(of + 1) - lgamma(count + 1) - lgamma(of - count + 1)
    return exp(ways + count * log(share) + (of - count) * log1p(-share))


def _tail(first: float, at: int, step: int, ratio: Callable[[int], float]) -> float:
    """The sum of chances that shrink from the first one on, away from the middle."""
    total = chance = first
    while chance > total * _NEGLIGIBLE:
        chance *= ratio(at)
        total += chance
        at += step
    return total
