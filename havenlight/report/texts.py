"""The sentences of a report, each made from printed numbers and from nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from havenlight.figures import intervals
from havenlight.figures.definitions import Treated, Unit
from havenlight.figures.fractions import NEARLY_ALL, in_words
from havenlight.report.edition import Edition, Printed, Row, Value
from havenlight.report.two_way import PERTURBED, ROUNDED, SUPPRESSED


def quarter_head(year: int, quarter: int) -> str:
    """A quarter at the head of a column, where there is little room."""
    return _("Q%(quarter)d %(year)d") % {"quarter": quarter, "year": year}


def quarter_name(year: int, quarter: int) -> str:
    """A quarter in words."""
    return {
        1: _("January to March %(year)d"),
        2: _("April to June %(year)d"),
        3: _("July to September %(year)d"),
        4: _("October to December %(year)d"),
    }[quarter] % {"year": year}


def periods(edition: Edition, keys: Iterable[int]) -> str:
    """Years, or quarters, as a reader is told of them."""
    if edition.quarter:
        return "; ".join(quarter_name(*divmod(key, 10)) for key in sorted(keys))
    return edition.period_of(keys)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells an edition in one language; that language must be active for gettext too."""

    edition: Edition
    language: str

    def share(self, figure: Printed, year: int | None = None) -> str:
        """One share as a sentence, or why there is none."""
        value = figure.values.get(year or self.edition.year)
        name = figure.name.in_language(self.language)
        if value is None:
            return _("%(name)s: not counted.") % {"name": name}
        words = self.words(value)
        if words is None or figure.sentence is None:
            return _("%(name)s: not published, %(why)s.") % {"name": name, "why": why(value)}
        return figure.sentence.in_language(self.language).format(
            words=words, percent=_percent(value.share), year=self.edition.year
        )

    def words(self, value: Value) -> str | None:
        """A share as a phrase with its per cents, such as "almost one in five (19%)"."""
        if value.share is not None and value.count is not None and value.base:
            said = in_words(value.count / value.base, self.language)
            return f"{said} ({value.share}%)" if said else f"{value.share}%"
        if value.lower is not None and value.upper is not None and value.base:
            low, high = value.lower / value.base, value.upper / value.base
            if low >= NEARLY_ALL:
                return in_words(low, self.language)
            if value.lower == 0:
                return _("fewer than %(count)d persons") % {"count": value.upper + 1}
            return _("between %(low)d%% and %(high)d%%") % {
                "low": round(100 * low),
                "high": round(100 * high),
            }
        return None

    def based_on(self, figure: Printed) -> str:
        """The base of a figure, and who is not in it."""
        value = figure.values.get(self.edition.year)
        if value is None or value.base is None:
            return ""
        among = figure.population.in_language(self.language)
        people = figure.people.get(self.edition.year)
        year = self.edition.year
        counts = {"base": number(value.base), "population": among, "year": year}
        if value.shown in ABOUT:
            return _("Base: about %(base)s %(population)s in %(year)d.") % counts
        if people is None or people == value.base:
            return _("Base: %(base)s %(population)s in %(year)d.") % counts
        counts |= {"people": number(people), "rest": number(people - value.base)}
        if year in figure.outside:
            return (
                _(
                    "Base: %(base)s of %(people)s %(population)s in %(year)d; the question does "
                    "not concern the other %(rest)s, or it is not known."
                )
                % counts
            )
        return (
            _(
                "Base: %(base)s of %(people)s %(population)s in %(year)d; of the other %(rest)s "
                "it is not known."
            )
            % counts
        )

    def change(self, figure: Printed) -> str:
        """How a share moved since the year before, and whether chance alone may explain it."""
        year = self.edition.year
        now, then = figure.values.get(year), figure.values.get(year - 1)
        if now is None or then is None or now.share is None or then.share is None:
            return ""
        counts = [(each.count, each.base) for each in (now, then)]
        (count, base), (before, before_base) = counts
        if count is None or before is None or not base or not before_base:
            return ""
        names = {"year": year - 1, "share": then.share}
        if intervals.difference((count, base), (before, before_base)).holds(0):
            return _("In %(year)d it was %(share)d%%; the difference is within chance.") % names
        return _("In %(year)d it was %(share)d%%; that is more than chance explains.") % names

    def count(self, name: str) -> str:
        """A count as a sentence; empty when nothing of it is printed."""
        figure = self.edition.figures.get(name)
        value = figure.values.get(self.edition.year) if figure else None
        if figure is None or value is None or figure.sentence is None:
            return ""
        if value.count is None and value.upper is None:
            return ""
        return figure.sentence.in_language(self.language).format(
            count=nearly(value), year=self.edition.year
        )

    def growth(self, name: str) -> str:
        """How a count moved since the year before, with its interval."""
        found = growth(self.edition, name)
        if found is None:
            return ""
        figure = self.edition.figures[name]
        among = figure.population.in_language(self.language)
        percent = round(100 * (found.ratio - 1))
        names = {
            "percent": abs(percent),
            "population": among,
            "then": self.edition.year - 1,
            "year": self.edition.year,
            "before": self.known(name, self.edition.year - 1, number(found.before)),
            "now": number(found.now),
        }
        if percent > 0:
            said = _(
                "The number of %(population)s rose by %(percent)d%%: from %(before)s in %(then)d "
                "to %(now)s in %(year)d."
            )
        elif percent < 0:
            said = _(
                "The number of %(population)s fell by %(percent)d%%: from %(before)s in %(then)d "
                "to %(now)s in %(year)d."
            )
        else:
            said = _("There were about as many %(population)s as in %(then)d (%(before)s).")
        return f"{said % names} {self._by_chance(found)}"

    def _by_chance(self, found: "Growth") -> str:
        names = {"low": _change(found.interval.lower), "high": _change(found.interval.upper)}
        if found.interval.holds(1):
            return _("The margin runs from %(low)s to %(high)s: it may be chance.") % names
        return (
            _("The margin runs from %(low)s to %(high)s: that is more than chance explains.")
            % names
        )

    def known(self, name: str, year: int, count: str) -> str:
        """A count of a year, which says so where it was revised since it was published."""
        if self.edition.revised(name, year) is None:
            return count
        return _("%(count)s (revised)") % {"count": count}

    def recounted(self) -> str:
        """By which rule the totals of earlier years are revised; empty where none was counted."""
        if (found := self.edition.revisions) is None or not found.years:
            return ""
        return _(
            "The totals of visitors and victims of %(years)s were counted again by the same "
            "definitions, as known on %(day)s. A total is revised only by %(threshold)s persons or "
            "more; a smaller change waits for a later report. Growth and three-year totals use the "
            "revised numbers. Earlier reports stay as they were published."
        ) % {
            "years": listed(found.years),
            "day": day(self.edition.data_on),
            "threshold": self.edition.rules["threshold"],
        }

    def total(self, name: str, years: int = 3) -> str:
        """The sum over years, when each of them is printed exactly."""
        figure = self.edition.figures[name]
        wanted = range(self.edition.year - years + 1, self.edition.year + 1)
        found = [self.edition.latest(name, year) for year in wanted]
        counts = [each.exactly for each in found if each is not None and each.exactly is not None]
        if len(counts) < years:
            return ""
        said = _(
            "In three years together, %(first)d to %(last)d, there were %(count)s %(population)s."
        ) % {
            "first": wanted[0],
            "last": wanted[-1],
            "count": number(sum(counts)),
            "population": figure.population.in_language(self.language),
        }
        since = [year for year in wanted if self.edition.revised(name, year) is not None]
        if not since:
            return said
        revised = _("Revised in it: %(years)s.") % {"years": listed(since)}
        return f"{said} {revised}"

    def most(self, figure: Printed) -> str:
        """Which lines of a table are the largest."""
        rows = [
            row
            for row in figure.rows.get(self.edition.year, ())
            if row.value.share is not None and row.value.count
        ]
        counts = sorted({row.value.count or 0 for row in rows}, reverse=True)
        if len(rows) < 2:
            return ""
        first, *rest = (self._as_often(rows, count) for count in counts[:2])
        if len(first) > 1:
            return _("Most often, each as often: %(names)s.") % {"names": " · ".join(first)}
        return _("Most often: %(first)s, then %(second)s.") % {
            "first": first[0],
            "second": " · ".join(rest[0]),
        }

    def _as_often(self, rows: Iterable[Row], count: int) -> list[str]:
        return [
            f"{row.name.in_language(self.language)} ({row.value.share}%)"
            for row in rows
            if row.value.count == count
        ]


@dataclass(frozen=True, slots=True)
class Growth:
    """Two counts of one definition, their ratio and its interval."""

    now: int
    before: int
    ratio: float
    interval: intervals.Interval


def growth(edition: Edition, name: str) -> Growth | None:
    """How a count grew since the year before; None unless both are printed exactly."""
    now, before = (edition.latest(name, year) for year in (edition.year, edition.year - 1))
    if now is None or before is None or not now.exactly or not before.exactly:
        return None
    interval = intervals.ratio(now.exactly, before.exactly)
    return Growth(now.exactly, before.exactly, now.exactly / before.exactly, interval)


def why(value: Value) -> str:
    """Why a number is not printed as it is, in words that go on a sentence."""
    return {
        "base": _("the base is too small"),
        "uncounted": _("of some persons nobody knows how often they came"),
        "small": _("too few persons"),
        "merged": _("a small group was taken together with its neighbour"),
        "complement": _("a small number beside it could be found by subtracting"),
        "group": _("it would say the same of everyone in a group"),
        "rounding": _("rounded"),
        "noise": _("noise was added"),
        "attack": _("with all that is published, a small number could be found"),
        "dominated": _("nearly all came from one side"),
        "ways": _("it crosses too many variables"),
    }.get(value.reason or "", _("it is not known of anyone"))


def of_two_ways(rules: Mapping[str, str]) -> str:
    """How tables of two variables were protected, for readers."""
    if rules.get("rounds_all") == "True":
        return (
            _(
                "All counts are rounded to multiples of %(base)s, so that the report on the year "
                "can be exact, and shares are reckoned from them."
            )
            % rules
        )
    return {
        ROUNDED: _("Tables of two variables are rounded to multiples of %(base)s."),
        SUPPRESSED: _(
            "Of tables of two variables a number is left out where it, or one beside it, is small."
        ),
        PERTURBED: _(
            "To tables of two variables noise of at most %(most)d was added. What is then below "
            "%(threshold)s is printed as 0, and they add up only about."
        ),
    }[rules["two_way"]] % {**rules, "most": int(rules["threshold"]) - 1}


ABOUT = frozenset({"rounded", "perturbed"})
"""How counts are shown that are only about so many."""


def about(rules: Mapping[str, str], shown: Iterable[str]) -> Iterator[str]:
    """What ± means, for each way in which numbers are shown that are only about so many."""
    found = {*shown}
    if "rounded" in found:
        yield _("± rounded to a multiple of %(base)s.") % rules
    if "perturbed" in found:
        yield _("± about, because noise was added.")


def printed(value: Value) -> str:
    """A count for a table cell."""
    if value.count is not None:
        about = "±" if value.shown in ABOUT else ""
        return f"{about}{number(value.count)}"
    if value.lower == 0 and value.upper is not None:
        return _("fewer than %(count)d") % {"count": value.upper + 1}
    if value.lower is not None and value.upper is not None:
        return f"{number(value.lower)}–{number(value.upper)}"
    return "–"


def nearly(value: Value) -> str:
    """A count for a sentence."""
    if value.count is None:
        return printed(value)
    count = number(value.count)
    return _("about %(count)s") % {"count": count} if value.shown in ABOUT else count


def unit(name: str, count: int) -> str:
    """The unit of a number."""
    return {
        Unit.CONTACTS: ngettext("contact", "contacts", count),
        Unit.VISITORS: ngettext("visitor", "visitors", count),
        Unit.VICTIMS: ngettext("victim", "victims", count),
    }[Unit(name)]


def fate(treated: Treated) -> str:
    """What becomes of an absent answer."""
    return {
        Treated.APART: _("not in the base"),
        Treated.OUTSIDE: _("not concerned"),
        Treated.NO: _("counts as no"),
    }[treated]


def number(count: int) -> str:
    """A count with the language's own grouping."""
    return number_format(count, force_grouping=True)


def listed(years: Iterable[int]) -> str:
    """Years as they are named in a sentence."""
    *first, last = map(str, years)
    if not first:
        return last
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}


def day(iso: str) -> str:
    """A day in words, the month by its name."""
    return date_format(date.fromisoformat(iso), "j F Y")


def paragraph(texts: Iterable[str]) -> str:
    """Sentences that go together."""
    return " ".join(text for text in texts if text)


def _percent(share: int | None) -> str:
    return "" if share is None else f"{share}%"


def _change(ratio: float) -> str:
    percent = round(100 * (ratio - 1))
    if percent < 0:
        return _("%(percent)d%% fewer") % {"percent": -percent}
    return _("%(percent)d%% more") % {"percent": percent}
