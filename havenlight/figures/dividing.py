"""What is divided by what: numerator and denominator of each kind of figure, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from havenlight.figures.definitions import Kind


@dataclass(frozen=True, slots=True)
class Division:
    """What stands above the line and what below it; `below` is empty for what is not divided.

    earlier: which count of an earlier year is meant, where the figure is made from one.
    """

    above: str
    below: str
    earlier: str = ""


def division(kind: Kind) -> Division:
    """What a figure of this kind counts, and by what that is divided."""
    since = _("as a later report revised it last, else as it was published")
    return {
        Kind.COUNT: Division(_("all of the population"), ""),
        Kind.SHARE: Division(
            _("those of the denominator who meet the condition"),
            _("those of the population whom the question concerns and whose answer is known"),
        ),
        Kind.TABLE: Division(
            _("for each part those of the denominator who meet its condition"),
            _("those of the population whom the question concerns and whose answer is known"),
        ),
        Kind.GROWTH: Division(
            _("the population of the year"), _("the population of the year before"), since
        ),
        Kind.TOTAL: Division(_("the population of each of the years, added up"), "", since),
        Kind.REACH: Division(_("all of the population"), _("an estimate by somebody else")),
    }[kind]
