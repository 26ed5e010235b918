"""Signals for care and investigation: trends, on protected figures only."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from havenlight.figures import intervals
from havenlight.report.documents import Maker, dots, interval, percent
from havenlight.report.edition import Printed, Value, quarter_key
from havenlight.report.parts import Block, Chapter, Document, Grid, Section
from havenlight.report.texts import nearly, printed, quarter_head, quarter_name, why

SHARES = ("criminal_exploitation", "several_perpetrators", "known_to_care_or_police")
TABLES = ("forms", "means_of_control", "recruitment_platform", "province", "help_missing")


def signals(maker: Maker) -> Document:
    """Form, means of control, recruitment platform, province at most, and unmet need."""
    intro = Block(
        sentences=(
            _("For care and investigation. Nobody in these figures can be recognised, and no "
              "single case is told. A signal is a reason to look, not a finding."),
            maker.tell.growth("victims"),
        )
    )  # fmt: skip
    figures = Chapter("signals", _("Trends"), (), SHARES, TABLES)
    return Document(
        "signals",
        maker.language,
        _("Signals"),
        _("On %(year)d") % {"year": maker.edition.year},
        maker.edition,
        (),
        (Section("intro", _("In short"), (intro,)), maker.chapter(figures)),
        (maker.limits(), maker.withheld()),
    )


def quarter_note(maker: Maker) -> Document:
    """One quarter: how many, what moved more than chance explains, and each table's trend."""
    edition = maker.edition
    trend = _Trend(maker)
    return Document(
        "signals",
        maker.language,
        _("Signals"),
        quarter_name(edition.year, edition.quarter),
        edition,
        (),
        (
            Section("intro", _("In short"), (trend.intro(),)),
            Section("signals", _("Trends"), tuple(trend.blocks())),
        ),
        (maker.limits(), maker.withheld()),
    )


class _Trend:
    """Compares the numbers of a quarter with those of the quarters that were published before."""

    def __init__(self, maker: Maker) -> None:
        self.maker, self.edition, self.language = maker, maker.edition, maker.language
        self.key = quarter_key(maker.edition.year, maker.edition.quarter)
        self.before = [each for each in reversed(maker.edition.years) if each != self.key]

    def intro(self) -> Block:
        """What this is, how many came, and what stands out."""
        sentences = [
            _("For care and investigation. Nobody in these figures can be recognised, and no "
              "single case is told. A signal is a reason to look, not a finding."),
            *self._counts(),
        ]  # fmt: skip
        moved = list(self._moved())
        if not self.before:
            sentences.append(_("There is no earlier note to compare this quarter with."))
        elif not moved:
            sentences.append(_("No share moved more than chance explains."))
        return Block(sentences=(*sentences, *moved))

    def _counts(self) -> Iterator[str]:
        for name in ("victims", "bystanders"):
            figure = self.edition.figures[name]
            value = figure.values.get(self.key)
            if value is None or value.count is None:
                continue
            names = {
                "figure": figure.name.in_language(self.language),
                "count": nearly(value),
                "before": "; ".join(self._counts_before(figure)),
            }
            if names["before"]:
                yield _("%(figure)s in this quarter: %(count)s (%(before)s).") % names
            else:
                yield _("%(figure)s in this quarter: %(count)s.") % names

    def _counts_before(self, figure: Printed) -> Iterator[str]:
        for key in self.before:
            value = figure.values.get(key)
            if value is not None and value.count is not None:
                yield _("%(quarter)s: %(count)s") % {
                    "quarter": quarter_name(*divmod(key, 10)),
                    "count": nearly(value),
                }

    def _moved(self) -> Iterator[str]:
        """Every share that moved more than chance explains, since each of the quarters before."""
        for name, values in self._all():
            for key in self.before:
                now, then = values.get(self.key), values.get(key)
                if now is not None and then is not None and _differ(now, then):
                    yield _("%(what)s: %(now)d%%, in %(quarter)s %(then)d%%. That is more than "
                            "chance explains.") % {
                        "what": name, "now": now.share, "then": then.share,
                        "quarter": quarter_name(*divmod(key, 10)),
                    }  # fmt: skip

    def _all(self) -> Iterator[tuple[str, Mapping[int, Value]]]:
        for name in SHARES:
            figure = self.edition.figures[name]
            yield figure.name.in_language(self.language), figure.values
        for name in TABLES:
            figure = self.edition.figures[name]
            by_part = _by_part(figure)
            for row in figure.rows.get(self.key, ()):
                told = f"{figure.name.in_language(self.language)}, "
                yield told + row.name.in_language(self.language), by_part[row.parts]

    def blocks(self) -> Iterator[Block]:
        """The shares together, then each table."""
        figures = [self.edition.figures[name] for name in SHARES]
        names = [figure.name.in_language(self.language) for figure in figures]
        shares = [figure.values for figure in figures]
        yield self._block("", _("Shares of victims"), names, shares)
        for name in TABLES:
            figure = self.edition.figures[name]
            heading = figure.name.in_language(self.language)
            value = figure.values.get(self.key)
            if value is None or value.count is None:
                reason = why(value) if value else ""
                yield Block(heading, (_("Not published: %(why)s.") % {"why": reason},))
                continue
            rows = [row for row in figure.rows[self.key] if row.value.count != 0]
            by_part = _by_part(figure)
            values = [by_part[row.parts] for row in rows]
            said = [row.name.in_language(self.language) for row in rows]
            yield self._block(heading, heading, said, values)

    def _block(
        self,
        heading: str,
        caption: str,
        names: Sequence[str],
        values: Sequence[Mapping[int, Value]],
    ) -> Block:
        now = [each.get(self.key, Value("withheld")) for each in values]
        head = ("", _("share"), _("margin"), _("victims"),
                *(quarter_head(*divmod(key, 10)) for key in self.before))  # fmt: skip
        rows = tuple(
            (name, percent(value), interval(value), printed(value),
             *(percent(each.get(key)) for key in self.before))
            for name, value, each in zip(names, now, values, strict=True)
        )  # fmt: skip
        plot = dots(list(zip(names, now, strict=True)))
        alt = _("Dots: each share with the interval that chance leaves. "
                "The table below has the numbers.")  # fmt: skip
        period = quarter_name(self.edition.year, self.edition.quarter)
        grid = Grid(f"{caption}, {period}", head, rows, remarks=tuple(self.maker.about(now)))
        return Block(heading, (), plot, alt, grid)


def _by_part(figure: Printed) -> Mapping[tuple[str, ...], Mapping[int, Value]]:
    """The numbers of each line by period; only lines that hold the same parts compare."""
    found: dict[tuple[str, ...], dict[int, Value]] = {}
    for key, rows in figure.rows.items():
        for row in rows:
            found.setdefault(row.parts, {})[key] = row.value
    return found


def _differ(now: Value, then: Value) -> bool:
    counts = [(each.count, each.base) for each in (now, then) if each.share is not None]
    whole = [(count, base) for count, base in counts if count is not None and base]
    return len(whole) == 2 and not intervals.difference(whole[0], whole[1]).holds(0)
