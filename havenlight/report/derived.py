"""Figures that are made from other printed numbers alone: growth, totals and reach.

Nothing is counted for them, so they tell a reader nothing that he could not work out himself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from havenlight.figures import intervals
from havenlight.figures.definitions import Book, Definition, Kind, said
from havenlight.figures.tabulation import years_of
from havenlight.report.edition import WITHHELD, Estimate, Printed, Revised, Value
from havenlight.report.reaching import as_share


def derived(
    book: Book, figures: Mapping[str, Printed], revised: Iterable[Revised] = ()
) -> Iterator[Printed]:
    """Growth and totals of each year for which the years that they are made from are there.

    They reckon with a total of an earlier year as it was revised, where it was.
    """
    made: dict[Kind, Callable[[list[Value]], Value]] = {Kind.GROWTH: _growth, Kind.TOTAL: _total}
    for figure in book.figures.values():
        counted = figures.get(figure.population.key)
        if figure.kind in made and counted is not None:
            since = {each.year: each.count for each in revised if each.figure == counted.id}
            values = {year: Value("exact", count, count) for year, count in since.items()}
            counted = replace(counted, values={**counted.values, **values})
            printed = _printed(figure, counted, made[figure.kind])
            if printed.values:
                yield printed


def with_reach(figure: Printed, estimates: Mapping[str, Estimate]) -> Printed:
    """A figure of reach with the estimate as its base; any other as it is."""
    if figure.kind != Kind.REACH or figure.external is None:
        return figure
    estimate = estimates[figure.external]
    values = {year: as_share(value, estimate) for year, value in figure.values.items()}
    return replace(figure, values=values)


def _printed(figure: Definition, counted: Printed, make: Callable[[list[Value]], Value]) -> Printed:
    values = {}
    for year in counted.values:
        of = years_of(figure, year)
        if all(each in counted.values for each in of):
            values[year] = make([counted.values[each] for each in of])
    return replace(
        counted,
        id=figure.id,
        kind=figure.kind.value,
        name=figure.name,
        sentence=figure.sentence,
        counted=said((*figure.population.where, *figure.within)),
        source=figure.source,
        values=values,
        people={},
    )


def _growth(values: list[Value]) -> Value:
    """The later count in per cents of the earlier one: 114 is 14% more."""
    before, now = values
    if not before.exactly or not now.exactly:
        return _hidden(values)
    found = intervals.ratio(now.exactly, before.exactly)
    share, low, high = (
        round(100 * each) for each in (now.exactly / before.exactly, found.lower, found.upper)
    )
    return Value("exact", now.exactly, before.exactly, share=share, low=low, high=high)


def _total(values: list[Value]) -> Value:
    counts = [value.exactly for value in values if value.exactly is not None]
    if len(counts) < len(values):
        return _hidden(values)
    return Value("exact", sum(counts), sum(counts))


def _hidden(values: list[Value]) -> Value:
    return Value(WITHHELD, reason=next((each.reason for each in values if each.reason), None))
