"""Reach: a printed count over the estimate of somebody else, with the interval of both."""

from dataclasses import replace
from datetime import date

from havenlight.mse.reach import NotComparable, Population, Reach, reach
from havenlight.report.edition import Edition, Estimate, Value


def reached(edition: Edition, figure: str = "reach") -> Reach | None:
    """The reach of an edition's year; None when its count is not printed or does not compare."""
    printed = edition.figures.get(figure)
    value = printed.values.get(edition.year) if printed else None
    estimate = edition.estimates.get(printed.external or "") if printed else None
    return None if value is None or estimate is None else of_estimate(value, estimate)


def of_estimate(value: Value, estimate: Estimate) -> Reach | None:
    """A printed count over an estimate; None when it is not printed or does not compare."""
    if value.count is None:
        return None
    population = Population(
        estimate=estimate.estimate,
        lower=estimate.lower,
        upper=estimate.upper,
        level=estimate.level,
        who=estimate.who,
        source=estimate.source.en,
        published_on=date.fromisoformat(estimate.published_on),
        revision=estimate.revision.en,
    )
    try:
        return reach(value.count, population, who=estimate.who)
    except NotComparable:
        return None


def as_share(value: Value, estimate: Estimate) -> Value:
    """The same count with the estimate as its base, and reach in whole per cents."""
    found = of_estimate(value, estimate)
    if found is None:
        return replace(value, base=None, share=None, low=None, high=None)
    share, low, high = (round(100 * each) for each in (found.share, found.lower, found.upper))
    return replace(value, base=round(estimate.estimate), share=share, low=low, high=high)
