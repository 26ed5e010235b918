"""An edition: all that is printed, frozen after disclosure control. It is rendered from this alone.

So it can be rebuilt to the same bytes for as long as its one file exists, also when the
registrations it was counted from were erased long ago.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from havenlight.casework.codebook import Text
from havenlight.report.errors import EditionRefused

FORMAT = 1

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
    `people` is how many the population holds, when that is printed.
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
    """What moved the counts of a year other than trafficking: campaigns, hours, codebooks."""

    year: int
    text: Text


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number of somebody else, as it stood when the edition froze."""

    key: str
    estimate: float
    lower: float | None
    upper: float | None
    level: float
    who: str
    source: str
    published_on: str
    revision: str


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
    corrects: str = ""
    """In a correction: what was wrong, in the words of whoever corrected it."""

    def to_json(self) -> str:
        """JSON in the order of print: the same edition always gives the same bytes."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote, or EditionRefused."""
        try:
            held = json.loads(text)
            if held.pop("format") != FORMAT:
                raise EditionRefused("the edition is of a later Havenlight; use that to read it")
            return cls(**{**held, **_read(held)})
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise EditionRefused(f"this is no edition: {type(error).__name__}") from None


def _read(held: dict[str, Any]) -> dict[str, Any]:
    return {
        "codebooks": {int(year): tuple(each) for year, each in held["codebooks"].items()},
        "years": tuple(held["years"]),
        "figures": {key: _printed(each) for key, each in held["figures"].items()},
        "withheld": tuple(Withheld(**each) for each in held["withheld"]),
        "notes": tuple(Note(each["year"], Text(**each["text"])) for each in held["notes"]),
        "estimates": {key: Estimate(**each) for key, each in held["estimates"].items()},
    }


def _printed(held: dict[str, Any]) -> Printed:
    read = {
        **{key: Text(**held[key]) for key in ("population", "rule", "name")},
        "sentence": Text(**held["sentence"]) if held["sentence"] else None,
        "variables": tuple(held["variables"]),
        "people": {int(year): count for year, count in held["people"].items()},
        "values": {int(year): Value(**each) for year, each in held["values"].items()},
        "rows": {int(year): tuple(map(_row, each)) for year, each in held["rows"].items()},
    }
    return Printed(**{**held, **read})


def _row(held: dict[str, Any]) -> Row:
    return Row(tuple(held["parts"]), Text(**held["name"]), Value(**held["value"]))
