"""What is not printed as it was counted: of which figure and lines, what was done, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from havenlight.report.edition import Edition, Printed, Value, Withheld
from havenlight.report.texts import periods, why


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A line of the list, in words of a language."""

    figure: str
    """And which lines of its table, where it is not all of it."""
    period: str
    said: str
    """What was done, and why."""


def held_back(edition: Edition, language: str) -> Iterator[HeldBack]:
    """Each figure by what was done and why; its lines and its years taken together."""
    found: dict[tuple[str, str, str], list[Withheld]] = {}
    whole = {(each.figure, each.year) for each in edition.withheld if not each.part}
    for each in edition.withheld:
        # What is true of a figure is not said of each of its lines again.
        if not each.part or (each.figure, each.year) not in whole:
            reason = why(Value(each.done, reason=each.reason))
            found.setdefault((each.figure, each.done, reason), []).append(each)
    for (name, how, reason), held in found.items():
        figure = edition.figures[name]
        lines = "; ".join(_lines(edition, figure, held, language))
        named = figure.name.in_language(language)
        said = done(how, edition)
        yield HeldBack(
            f"{named}: {lines}" if lines else named,
            periods(edition, {each.year for each in held}),
            said if said == reason else f"{said}: {reason}",
        )


def _lines(
    edition: Edition, figure: Printed, held: Iterable[Withheld], language: str
) -> Iterator[str]:
    """The names of lines, each with its years where those are not the same for all."""
    years: dict[str, list[int]] = {}
    for each in held:
        if each.part:
            rows = figure.rows[each.year]
            text = next(row.name for row in rows if "+".join(row.parts) == each.part)
            years.setdefault(text.in_language(language), []).append(each.year)
    alike = len({tuple(each) for each in years.values()}) < 2
    for name, when in years.items():
        yield name if alike else f"{name} ({periods(edition, when)})"


def done(how: str, edition: Edition) -> str:
    """What was done to a number, in words."""
    return {
        "rounded": _("rounded"),
        "perturbed": _("changed a little at random"),
        "fewer": _("printed as fewer than %(count)s") % {"count": edition.rules["threshold"]},
        "range": _("printed as a range"),
        "merged": _("printed as one line"),
        "exact": _("printed without its share"),
    }.get(how, _("not printed"))
