"""An edition: all that is printed, frozen after disclosure control. It is rendered from this alone.

So it can be rebuilt to the same bytes for as long as its one file exists, also when the
registrations it was counted from were erased long ago.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from havenlight.casework.codebook import Text
from havenlight.report.errors import EditionRefused

FORMAT = 2

WITHHELD = "withheld"
"""How a number is shown that is not printed at all."""

SERIES = 3
"""Years that a report prints, its own included."""

Texts = Mapping[str, Mapping[str, str]]
"""Words by place in the report, then by language."""


@dataclass(frozen=True, slots=True)
class Value:
    """One number as it may be printed, or why it may not.

    shown: as `havenlight.disclosure.Shown`, or "withheld". `count` and `base` are persons (or
    contacts), `lower` and `upper` what a reader may take the count to be where it is not printed;
    `share` is whole per cents of the base, `low` and `high` its 95% interval.
    """

    shown: str
    count: int | None = None
    base: int | None = None
    lower: int | None = None
    upper: int | None = None
    share: int | None = None
    low: int | None = None
    high: int | None = None
    reason: str | None = None

    @property
    def exactly(self) -> int | None:
        """The count where it is printed as it is; None where it is rounded, noisy or hidden."""
        return self.count if self.shown == "exact" else None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: the parts that it holds together, and their number."""

    parts: tuple[str, ...]
    name: Text
    value: Value


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure with its wording, its definition and its numbers by year.

    `values` is the figure's one number (of a table: its base), `rows` the lines of a table.
    `people` is how many the population holds, when that is printed. `when` says by part which
    answers count, `absences` what becomes of each absent answer, and `outside` are the years in
    which the question did not concern all of the population.
    """

    id: str
    kind: str
    unit: str
    population: Text
    rule: Text
    name: Text
    sentence: Text | None
    counted: str
    variables: tuple[str, ...]
    exclusive: bool
    source: str
    external: str | None
    people: Mapping[int, int]
    values: Mapping[int, Value]
    rows: Mapping[int, tuple[Row, ...]]
    when: Mapping[str, str] = field(default_factory=dict)
    absences: Mapping[str, str] = field(default_factory=dict)
    outside: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """What disclosure control took out or changed, and why."""

    figure: str
    part: str
    year: int
    done: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """What moved the counts of a year other than trafficking; `kind` is one of `codes.Moved`."""

    year: int
    text: Text
    kind: str = "other"
    by_hand: bool = True


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number of somebody else, as it stood when the edition froze."""

    key: str
    estimate: float
    lower: float | None
    upper: float | None
    level: float
    who: str
    source: Text
    published_on: str
    revision: Text


@dataclass(frozen=True, slots=True)
class Axis:
    """A variable of a researcher's question, or its filter, in words: its name and its codes."""

    name: Text
    codes: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class AnalysisCell:
    """A cell after control: codes by axis (none of an axis: its sum), and how it is shown."""

    codes: tuple[tuple[str, ...], ...]
    shown: str
    value: int | None
    lower: int
    upper: int | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """The answer to a researcher's question; `withheld` says why there is none."""

    key: str
    year: int
    population: str
    unit: str
    axes: tuple[Axis, ...]
    only: Axis | None
    cells: tuple[AnalysisCell, ...]
    withheld: str
    title: Text | None = None
    """What it is called in the report, once it was kept for it."""

    def to_json(self) -> str:
        """JSON that `analysis_of` reads."""
        return json.dumps(asdict(self), ensure_ascii=False)


def analysis_of(held: dict[str, Any]) -> Analysis:
    """Read what `Analysis.to_json` wrote."""
    return Analysis(**{
        **held,
        "axes": tuple(map(_axis, held["axes"])),
        "only": _axis(held["only"]) if held["only"] else None,
        "title": Text(**held["title"]) if held["title"] else None,
        "cells": tuple(
            AnalysisCell(**{**each, "codes": tuple(map(tuple, each["codes"]))})
            for each in held["cells"]
        ),
    })  # fmt: skip


def _axis(held: dict[str, Any]) -> Axis:
    codes = {code: Text(**label) for code, label in held["codes"].items()}
    return Axis(Text(**held["name"]), codes)


@dataclass(frozen=True, slots=True)
class Revised:
    """A total of an earlier year as it is known since the report on that year.

    published: what that report printed. before, count: what was known until the edition `by`
        (2021, 2021r2) revised it, and from then on. known_on: the day of that edition's data.
    """

    figure: str
    year: int
    published: int
    before: int
    count: int
    by: str
    known_on: str


@dataclass(frozen=True, slots=True)
class Revisions:
    """What became of earlier years that were published.

    years: those whose totals were counted again for this edition. totals: all that were revised,
        here or in an edition before; the others stand as they were published.
    """

    years: tuple[int, ...]
    totals: tuple[Revised, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """A year's report. `years` are those it prints, its own last; dates are ISO 8601.

    `definitions` is the SHA-256 of the definitions' file, `codebooks` the versions by year, `rules`
    those of disclosure control, `words` what people wrote around the figures.
    """

    year: int
    revision: int
    state: str
    organisation: str
    emergency_number: str
    help_url: str
    simulated: bool
    data_on: str
    codebook: str
    codebooks: Mapping[int, tuple[str, ...]]
    definitions: str
    rules: Mapping[str, str]
    years: tuple[int, ...]
    figures: Mapping[str, Printed]
    withheld: tuple[Withheld, ...]
    notes: tuple[Note, ...]
    estimates: Mapping[str, Estimate]
    words: Texts = field(default_factory=dict)
    corrects: Text | None = None
    """In a correction: what was wrong, in the words of whoever corrected it."""
    analyses: tuple[Analysis, ...] = ()
    """Answers to questions of researchers that were kept for the report."""
    quarter: int = 0
    """In the note of a quarter: which; its numbers are then by `quarter_key`, not by year."""
    revisions: Revisions | None = None
    """None where no earlier year was counted again, as in editions from before that was done."""

    @property
    def period(self) -> str:
        """The year, or the quarter of it: 2021, 2021q3."""
        return f"{self.year}q{self.quarter}" if self.quarter else f"{self.year}"

    def period_of(self, keys: Iterable[int]) -> str:
        """Years, or quarters, as they are written: 2019, 2021; 2021q3."""
        return ", ".join(
            "{}q{}".format(*divmod(key, 10)) if self.quarter else str(key) for key in sorted(keys)
        )

    @property
    def name(self) -> str:
        """The period, and which revision of it: 2021, 2021r2."""
        return named(self.period, self.revision)

    def revised(self, figure: str, year: int) -> Revised | None:
        """A total of an earlier year as it is known since, where it was revised."""
        totals = self.revisions.totals if self.revisions else ()
        return next((each for each in totals if (each.figure, each.year) == (figure, year)), None)

    def latest(self, figure: str, year: int) -> Value | None:
        """A figure's number as it was revised last, else as it was published."""
        if (found := self.revised(figure, year)) is not None:
            return Value("exact", found.count, found.count)
        return self.figures[figure].values.get(year)

    def to_json(self) -> str:
        """JSON in the order of print: the same edition always gives the same bytes."""
        held = asdict(self)
        if self.revisions is None:  # so that an older edition keeps its bytes
            del held["revisions"]
        return json.dumps({"format": FORMAT, **held}, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote, or EditionRefused."""
        try:
            held = json.loads(text)
            if held.pop("format") != FORMAT:
                raise EditionRefused("another Havenlight made this edition; use that to read it")
            return cls(**{**held, **_read(held)})
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise EditionRefused(f"this is no edition: {type(error).__name__}") from None


def named(period: object, revision: int) -> str:
    """A revision of a period, as it stands in the names of tables: 2021, 2021r2."""
    return f"{period}r{revision}" if revision > 1 else f"{period}"


def revised_name(name: Text) -> Text:
    """What a total is called as it is known since the report on its year."""
    return Text(f"{name.nl}, herzien", f"{name.en}, revised")


def quarter_key(year: int, quarter: int) -> int:
    """The quarter as a number that stands where years do, in order of time."""
    return 10 * year + quarter


def _read(held: dict[str, Any]) -> dict[str, Any]:
    return {
        "codebooks": {int(year): tuple(each) for year, each in held["codebooks"].items()},
        "years": tuple(held["years"]),
        "figures": {key: _printed(each) for key, each in held["figures"].items()},
        "withheld": tuple(Withheld(**each) for each in held["withheld"]),
        "notes": tuple(Note(**{**each, "text": Text(**each["text"])}) for each in held["notes"]),
        "estimates": {key: _external(each) for key, each in held["estimates"].items()},
        "analyses": tuple(map(analysis_of, held["analyses"])),
        "corrects": Text(**held["corrects"]) if held["corrects"] else None,
        "revisions": _revisions(held["revisions"]) if "revisions" in held else None,
    }


def _revisions(held: dict[str, Any]) -> Revisions:
    return Revisions(tuple(held["years"]), tuple(Revised(**each) for each in held["totals"]))


def _external(held: dict[str, Any]) -> Estimate:
    said = {key: Text(**held[key]) for key in ("source", "revision")}
    return Estimate(**{**held, **said})


def _printed(held: dict[str, Any]) -> Printed:
    read = {
        **{key: Text(**held[key]) for key in ("population", "rule", "name")},
        "sentence": Text(**held["sentence"]) if held["sentence"] else None,
        "variables": tuple(held["variables"]),
        "outside": tuple(held.get("outside", ())),
        "people": {int(year): count for year, count in held["people"].items()},
        "values": {int(year): Value(**each) for year, each in held["values"].items()},
        "rows": {int(year): tuple(map(_row, each)) for year, each in held["rows"].items()},
    }
    return Printed(**{**held, **read})


def _row(held: dict[str, Any]) -> Row:
    return Row(tuple(held["parts"]), Text(**held["name"]), Value(**held["value"]))
