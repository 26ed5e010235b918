"""Reach: a printed count over the estimate of somebody else, with the interval of both."""

from datetime import date

from havenlight.mse.reach import NotComparable, Population, Reach, reach
from havenlight.report.edition import Edition


def reached(edition: Edition, figure: str = "reach") -> Reach | None:
    """The reach of an edition's year; None when its count is not printed or does not compare."""
    printed = edition.figures.get(figure)
    value = printed.values.get(edition.year) if printed else None
    estimate = edition.estimates.get(printed.external or "") if printed else None
    if value is None or value.count is None or estimate is None:
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
