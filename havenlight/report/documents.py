"""What a document holds, in order: built from an edition, before it becomes HTML."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from django.utils.translation import gettext as _

from havenlight.report import plots
from havenlight.report.edition import Analysis, Edition, Printed, Value
from havenlight.report.grids import analysis_grid, heading
from havenlight.report.held_back import held_back
from havenlight.report.parts import (
    CHAPTERS,
    INTRODUCTION,
    Block,
    Card,
    Chapter,
    Document,
    Grid,
    Point,
    Section,
)
from havenlight.report.texts import (
    Teller,
    about,
    day,
    growth,
    number,
    of_two_ways,
    paragraph,
    printed,
    unit,
    why,
)

KEY_SHARES = ("minor", "still_exploited", "parent_perpetrator", "first_disclosure")


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes documents of one edition in one language, which must be active."""

    edition: Edition
    language: str
    tell: Teller = field(init=False)

    def __post_init__(self) -> None:
        """Tell in the same language."""
        object.__setattr__(self, "tell", Teller(self.edition, self.language))

    def report(self) -> Document:
        """The whole report: key figures first, method, limits and definitions at the end."""
        chapters = [self.introduction(), *map(self.chapter, CHAPTERS.values()), self.reach()]
        chapters.append(self.analyses())
        return Document(
            "report",
            self.language,
            _("Invisible victims of human trafficking"),
            _("Report on %(year)d") % {"year": self.edition.year},
            self.edition,
            tuple(self.cards()),
            tuple(each for each in chapters if each.blocks or each.words),
            (self.method(), self.limits(), self.withheld(), self.definitions()),
        )

    def introduction(self) -> Section:
        """What the helpline wants to say first; nothing unless it does."""
        return Section(INTRODUCTION, _("Introduction"), (), self._words(INTRODUCTION))

    def _words(self, key: str) -> str:
        return self.edition.words.get(key, {}).get(self.language, "")

    def cards(self) -> Iterator[Card]:
        """The key figures."""
        for name in ("victims", "visitors"):
            figure = self.edition.figures[name]
            value = figure.values[self.edition.year]
            found = growth(self.edition, name)
            remark = ""
            if found is not None:
                percent = round(100 * (found.ratio - 1))
                change = _("%(sign)s%(percent)d%% on %(year)s") % {
                    "sign": "+" if percent > 0 else "−" if percent < 0 else "",
                    "percent": abs(percent),
                    "year": self.tell.known(name, self.edition.year - 1,
                                            f"{self.edition.year - 1}"),
                }  # fmt: skip
                chance = _("within chance") if found.interval.holds(1) else _("more than chance")
                remark = f"{change}, {chance}"
            yield Card(printed(value), figure.name.in_language(self.language), remark)
        for name in KEY_SHARES:
            figure = self.edition.figures[name]
            found_value = figure.values.get(self.edition.year)
            if found_value is not None and found_value.share is not None:
                remark = _("margin %(low)d–%(high)d%%; base %(base)s %(unit)s") % {
                    "low": found_value.low,
                    "high": found_value.high,
                    "base": number(found_value.base or 0),
                    "unit": unit(figure.unit, found_value.base or 0),
                }
                name_of = figure.name.in_language(self.language)
                yield Card(f"{found_value.share}%", name_of, remark)

    def chapter(self, chapter: Chapter) -> Section:
        """A section with its sentences, shares and tables."""
        blocks = [*self._counts(chapter), *self.shares(chapter.shares)]
        blocks += [self.table(name) for name in chapter.tables if self.has(name)]
        blocks += self._revised() if chapter.counts else ()
        return Section(chapter.key, str(chapter.heading), tuple(blocks), self._words(chapter.key))

    def _remarks(self, years: Iterable[int], values: Iterable[Value]) -> tuple[str, ...]:
        """What moved the counts of these years, a line for each year; and what ± means."""
        said = ((year, self._of_year(year)) for year in years)
        noted = tuple(f"* {year}: {texts}" for year, texts in said if texts)
        return (*noted, *self.about(values))

    def about(self, values: Iterable[Value]) -> Iterator[str]:
        """What ± means, where one of these has it."""
        printed = (value.shown for value in values if value.count is not None)
        return about(self.edition.rules, printed)

    def _of_year(self, year: int) -> str:
        notes = (note for note in self.edition.notes if note.year == year)
        return " ".join(note.text.in_language(self.language) for note in notes)

    def _starred(self, year: int) -> str:
        """A year, with a star when there is a remark on it."""
        return f"{year}*" if self._of_year(year) else f"{year}"

    def has(self, name: str) -> bool:
        """Whether a figure is in this edition's year."""
        figure = self.edition.figures.get(name)
        return figure is not None and self.edition.year in figure.values

    def _counts(self, chapter: Chapter) -> Iterator[Block]:
        if not chapter.counts:
            return
        tell, year = self.tell, self.edition.year
        counts = (*chapter.counts, *(["contacts"] if self.has("contacts") else []))
        sentences = [paragraph(tell.count(name) for name in counts)]
        sentences += [tell.growth("victims"), tell.growth("visitors"), tell.total("victims")]
        if notes := self._of_year(year):
            sentences.append(_("Remark on %(year)d: %(notes)s") % {"year": year, "notes": notes})
        grid, plot = self._series(("visitors", "victims"))
        yield Block(
            sentences=tuple(filter(None, sentences)),
            plot=plot,
            alt=_("Columns: visitors and victims by year. The table below has the numbers."),
            grid=grid,
        )

    def _revised(self) -> Iterator[Block]:
        """Totals of earlier years as they were published, and as they are known since."""
        totals = self.edition.revisions.totals if self.edition.revisions else ()
        if not totals:
            return
        rows = tuple(
            (
                str(each.year),
                self.edition.figures[each.figure].name.in_language(self.language),
                number(each.published),
                number(each.count),
                day(each.known_on),
            )
            for each in totals
        )
        head = (_("Year"), _("Figure"), _("as published"), _("revised"), _("data of"))
        grid = Grid(_("Revised totals"), head, rows, is_numbers=False)
        said = _("After they were published, these totals turned out to be higher or lower.")
        yield Block(_("Revised since they were published"), (said,), grid=grid)

    def _series(self, names: Sequence[str]) -> tuple[Grid, str]:
        """Counts by year, both units side by side."""
        figures = [self.edition.figures[name] for name in names]
        units = [unit(figure.unit, 2) for figure in figures]
        rows, groups = [], []
        for year in self.edition.years:
            values = [self.edition.latest(name, year) or Value("withheld") for name in names]
            counts = map(self.tell.known, names, repeat(year), map(printed, values))
            notes = self._of_year(year)
            rows.append((str(year), *counts, notes or "–"))
            if all(value.count is not None for value in values):
                heights = tuple(value.count or 0 for value in values)
                groups.append(plots.Group(self._starred(year), heights))
        caption = _("Visitors and victims by year, and what moved the counts")
        head = (_("Year"), *units, _("Remarks"))
        grid = Grid(caption, head, tuple(rows), is_numbers=False)
        return grid, uri(plots.columns(groups, units))

    def shares(self, names: Sequence[str], *, brief: bool = False) -> Iterator[Block]:
        """Shares told, drawn and tabled together; briefly without base and change."""
        figures = [self.edition.figures[name] for name in names if self.has(name)]
        if not figures:
            return
        lines = [(figure.name.in_language(self.language), figure.values[self.edition.year])
                 for figure in figures]  # fmt: skip
        yield Block(
            points=tuple(self._point(figure, brief=brief) for figure in figures),
            plot=dots(lines),
            alt=_("Dots: each share with the interval that chance leaves. "
                  "The table below has the numbers."),
            grid=self._share_grid(figures, years=0 if brief else len(self.edition.years)),
        )  # fmt: skip

    def _point(self, figure: Printed, *, brief: bool) -> Point:
        tell = self.tell
        if brief or figure.values[self.edition.year].share is None:
            return Point(tell.share(figure))
        return Point(tell.share(figure), paragraph([tell.based_on(figure), tell.change(figure)]))

    def _share_grid(self, figures: Sequence[Printed], years: int) -> Grid:
        year = self.edition.year
        before = [each for each in self.edition.years if year - years < each < year]
        head = (_("Figure"), self._starred(year), _("margin"), _("persons"),
                *map(self._starred, reversed(before)))  # fmt: skip
        rows = tuple(
            (
                figure.name.in_language(self.language),
                *_cells(figure.values[year]),
                *(percent(figure.values.get(each)) for each in reversed(before)),
            )
            for figure in figures
        )
        caption = _("Shares by year, by the same definition")
        now = [figure.values[year] for figure in figures]
        return Grid(caption, head, rows, remarks=self._remarks((*before, year), now))

    def table(self, name: str, *, brief: bool = False) -> Block:
        """A table with its plot; lines that control merged stand together."""
        figure = self.edition.figures[name]
        value = figure.values[self.edition.year]
        heading = figure.name.in_language(self.language)
        if value.count is None:
            said = _("Not published: %(why)s.") % {"why": why(value)}
            return Block(heading, (said,))
        lines = self._lines(figure)
        most = self.tell.most(figure) if figure.id != "month" else ""
        several = _("Who has several counts once in each, so the lines do not add up.")
        base = [self.tell.based_on(figure), "" if figure.exclusive else several]
        rows = tuple(
            (
                row.name.in_language(self.language),
                printed(row.value),
                percent(row.value),
                interval(row.value),
            )
            for row in figure.rows[self.edition.year]
            if row.value.count != 0
        )
        zero = [row for row in figure.rows[self.edition.year] if row.value.count == 0]
        if zero:
            names = ", ".join(row.name.in_language(self.language) for row in zero)
            base.append(_("Not mentioned by anyone: %(names)s.") % {"names": names})
        told = [most, "" if brief else paragraph(base)]
        return Block(
            heading,
            tuple(filter(None, told)),
            uri(plots.bars(lines)),
            _("Bars: %(name)s. The table below has the numbers.") % {"name": heading},
            Grid(
                f"{heading}, {self.edition.year}",
                ("", unit(figure.unit, 2), _("share"), _("margin")),
                rows,
                remarks=self._remarks(
                    (self.edition.year,) if figure.id == "month" else (),
                    (row.value for row in figure.rows[self.edition.year]),
                ),
            ),
        )

    def _lines(self, figure: Printed) -> list[plots.Bar]:
        rows = [row for row in figure.rows[self.edition.year] if row.value.count != 0]
        most = max((row.value.count or 0 for row in rows), default=1) or 1
        return [
            plots.Bar(
                row.name.in_language(self.language),
                row.value.count / most if row.value.count is not None else None,
                printed(row.value) if row.value.share is None
                else f"{printed(row.value)} ({row.value.share}%)",
            )
            for row in rows
        ]  # fmt: skip

    def reach(self) -> Section:
        """Reach, with the estimate that it is divided by."""
        from havenlight.report.reaching import reached  # noqa: PLC0415 -- SciPy, for this alone

        found = reached(self.edition)
        if found is None:
            return Section("reach", "", ())
        figure = self.edition.figures["reach"]
        estimate = self.edition.estimates[figure.external or ""]
        said = (figure.sentence or figure.name).in_language(self.language)
        sentences = (
            said.format(percent=f"{found.share:.0%}", year=self.edition.year),
            _("That is about %(count)s of an estimated %(estimate)s. By chance in our count alone, "
              "it may lie between %(low)s and %(high)s.") % {
                "count": number(found.reached), "estimate": number(round(estimate.estimate)),
                "low": f"{found.lower:.0%}", "high": f"{found.upper:.0%}",
            },
            _("The estimate is not ours. Source: %(source)s (%(day)s; %(revision)s).") % {
                "source": estimate.source.in_language(self.language),
                "day": day(estimate.published_on),
                "revision": estimate.revision.in_language(self.language),
            },
            "" if estimate.lower is not None else
            _("No margin was published with it, so the real uncertainty is larger than this."),
        )  # fmt: skip
        block = Block(sentences=tuple(filter(None, sentences)))
        return Section("reach", figure.name.in_language(self.language), (block,))

    def analyses(self) -> Section:
        """What researchers asked, and kept for the report."""
        blocks = [self._analysis(each) for each in self.edition.analyses]
        return Section("analyses", _("Asked by researchers"), tuple(blocks))

    def _analysis(self, analysis: Analysis) -> Block:
        of = heading(analysis, self.language)
        title = analysis.title.in_language(self.language) if analysis.title else of
        if analysis.withheld:
            said = _("Not published: %(why)s.") % {
                "why": why(Value("withheld", reason=analysis.withheld))
            }
            return Block(title, (of + ".", said))
        head, rows = analysis_grid(analysis, self.language)
        rounded = _("Counts with ± are rounded to multiples of %(base)s.") % self.edition.rules
        return Block(title, (rounded,), grid=Grid(of, head, rows))

    def method(self) -> Section:
        """How it was counted."""
        edition = self.edition
        victims, visitors = (edition.figures[name] for name in ("victims", "visitors"))
        codebooks = ", ".join(
            sorted({each for used in edition.codebooks.values() for each in used})
        )
        sentences = (
            *(self._rule(figure) for figure in (visitors, victims)),
            _("Counsellors noted answers in fixed codes (codebook %(codebook)s). Counted is what "
              "was known on %(day)s.") % {"day": day(edition.data_on), "codebook": codebooks},
            *filter(None, [self.tell.recounted()]),
            _("Unknown is never counted as no: a share is among those of whom it is known, and "
              "that base stands beside it."),
            _("The margin beside a number says how much higher or lower chance alone may have "
              "made it."),
            _("Margins are intervals of 95%: for shares by Wilson (1927), for growth exactly, from "
              "the two counts (Przyborowski and Wilenski 1940), for changes of shares by Newcombe "
              "(1998)."),
            _("Words such as \"almost one in five\" follow one rule: within half a per cent point "
              "of a simple fraction it is said as it is, up to one and a half below \"almost\", as "
              "much above \"just over\", up to two and a half \"about\"."),
        )  # fmt: skip
        return Section("method", _("How it was counted"), (Block(sentences=sentences),))

    def _rule(self, figure: Printed) -> str:
        rule = figure.rule.in_language(self.language)
        return f"{figure.name.in_language(self.language)}: {rule[:1].lower()}{rule[1:]}"

    def limits(self) -> Section:
        """What the figures do not say."""
        sentences = (
            _("These are the people who found this helpline and spoke. They are not all victims, "
              "and not a sample of them."),
            _("Campaigns, opening hours and news drive the count. A fall is not less trafficking."),
            _("It is what visitors said; nobody checked it."),
        )  # fmt: skip
        return Section("limits", _("What these figures do not say"), (Block(sentences=sentences),))

    def withheld(self) -> Section:
        """What disclosure control did, and why."""
        rules = self.edition.rules
        sentences = (
            _("So that nobody can be recognised, counts below %(threshold)s are not printed, and "
              "nothing is said of fewer than %(persons)s persons.") % {
                "threshold": rules["threshold"], "persons": rules["least_persons"],
            },
            of_two_ways(rules),
            _("Before publication an attacker, a computer programme, tried to find small counts "
              "from all that was ever published, and did not."),
        )  # fmt: skip
        held = held_back(self.edition, self.language)
        rows = tuple((each.figure, each.period, each.said) for each in held)
        head = (_("Figure"), _("Period"), _("What was done, and why"))
        grid = (
            Grid(_("Rounded, merged or not published"), head, rows, is_numbers=False)
            if rows
            else None
        )
        return Section("withheld", _("What is not printed, and why"), (
            Block(sentences=sentences, grid=grid),))  # fmt: skip

    def definitions(self) -> Section:
        """Every figure by its population, with the variables that it needs beside those of all."""
        edition = self.edition
        sentences = (
            _("Definitions %(mark)s, codebook %(codebook)s. The codebook and the exact conditions "
              "are published beside this report.") % {
                "mark": edition.definitions[:12], "codebook": edition.codebook},
        )  # fmt: skip
        groups: dict[tuple[str, str], list[Printed]] = {}
        for figure in edition.figures.values():
            of = figure.population.in_language(self.language)
            groups.setdefault((of, figure.unit), []).append(figure)
        blocks = tuple(self._defined(of, figures) for (of, _unit), figures in groups.items())
        return Section("definitions", _("Definitions"), (Block(sentences=sentences), *blocks))

    def _defined(self, of: str, figures: Sequence[Printed]) -> Block:
        first = figures[0]
        common = [each for each in first.variables if all(each in f.variables for f in figures)]
        names: dict[str, list[str]] = {}
        for figure in figures:
            further = ", ".join(each for each in figure.variables if each not in common) or "–"
            names.setdefault(further, []).append(figure.name.in_language(self.language))
        rows = tuple(("; ".join(held), further) for further, held in names.items())
        told = _("Unit: %(unit)s. Variables of the codebook for all of these: %(variables)s.") % {
            "unit": unit(first.unit, 2), "variables": ", ".join(common),
        }  # fmt: skip
        head = (_("Figures"), _("Further variables of the codebook"))
        grid = Grid(_("Every figure"), head, rows, is_numbers=False) if len(figures) > 1 else None
        name = of[:1].upper() + of[1:] if grid else rows[0][0]
        return Block(name, (first.rule.in_language(self.language), told), grid=grid)


def _cells(value: Value) -> tuple[str, ...]:
    return (
        percent(value) if value.share is not None else printed(value),
        interval(value),
        of_base(value),
    )


def of_base(value: Value) -> str:
    """A count and its base for a table cell."""
    if not value.base or value.count is None:
        return printed(value)
    return _("%(count)s of %(base)s") % {"count": printed(value), "base": number(value.base)}


def dots(lines: Sequence[tuple[str, Value]]) -> str:
    """A plot of the shares that are printed, where there are two or more; the table has all."""
    shown = [
        plots.Dot(name, value.share / 100, value.low / 100, value.high / 100)
        for name, value in lines
        if value.share is not None and value.low is not None and value.high is not None
    ]
    return uri(plots.dots(shown)) if len(shown) > 1 else ""


def percent(value: Value | None) -> str:
    """A share for a table cell."""
    return "–" if value is None or value.share is None else f"{value.share}%"


def interval(value: Value) -> str:
    """The interval of a share for a table cell."""
    return "–" if value.low is None else f"{value.low}–{value.high}%"


def uri(svg: str) -> str:
    """A plot in the page itself, so that the page needs no other file."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
