"""What a figure is: population, parts, and what becomes of an answer that is not there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from havenlight.casework.codebook import Absence, Codebook, Text

MONTH = "month"
CONTACTS = "contacts"
DERIVED = frozenset({MONTH, CONTACTS})
"""What a condition may name beside the codebook's variables: month of the first contact (1 to 12),
and how often a person was in contact within the year."""


class Unit(StrEnum):
    """What is counted. The press mixed them up, so no number is printed without its unit."""

    CONTACTS = "contacts"
    VISITORS = "visitors"
    VICTIMS = "victims"


class Kind(StrEnum):
    """What a figure says."""

    COUNT = "count"
    SHARE = "share"
    TABLE = "table"
    GROWTH = "growth"
    TOTAL = "total"
    REACH = "reach"


class Treated(StrEnum):
    """What becomes of someone whose answer is absent."""

    APART = "apart"
    """Not in the base; counted and printed beside it."""
    OUTSIDE = "outside"
    """The question does not concern this person, who is not in the population of the figure."""
    NO = "no"
    """Counts as no; only for not_applicable."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds for an answer that has one of `any_of`, all of `all_of` and none of `none_of`.

    Or for a number that is `at_least` and `below`. An absent answer never holds.
    """

    variable: str
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    at_least: int | None = None
    below: int | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that it names."""
        return self.any_of + self.all_of + self.none_of


Conditions = tuple[Condition, ...]
"""All of them must hold."""


@dataclass(frozen=True, slots=True)
class Population:
    """Of whom a figure is: those for whom `where` holds, counted in `unit`."""

    key: str
    unit: Unit
    where: Conditions
    name: Text
    rule: Text


@dataclass(frozen=True, slots=True)
class Part:
    """A numerator, and its name in a table."""

    key: str
    when: Conditions
    name: Text
    merge_into: str | None = None
    """The neighbour that takes it up where it is too small to print."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure that anyone can read and count again.

    A COUNT, GROWTH, TOTAL or REACH has no parts; a SHARE has one; a TABLE several, which add up to
    the base only when `exclusive`. `within` narrows the population for this figure alone.
    """

    id: str
    kind: Kind
    population: Population
    within: Conditions
    parts: tuple[Part, ...]
    by: str | None
    """The variable whose codes are the parts, when they are."""
    across: str | None
    """The variable whose codes it is nested in: protected together, so no difference tells more."""
    exclusive: bool
    absences: Mapping[Absence, Treated]
    years: int
    external: str | None
    name: Text
    sentence: Text | None
    source: str

    @property
    def asked(self) -> tuple[str, ...]:
        """The variables that must be known for someone to be in the base."""
        keys = dict.fromkeys(each.variable for part in self.parts for each in part.when)
        return tuple(keys) if self.across is None else tuple({**keys, self.across: None})

    @property
    def on_contacts(self) -> bool:
        """Whether it needs to be known how often each person was in contact."""
        return self.population.unit is Unit.CONTACTS or CONTACTS in self.asked

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable that it reads, without the derived ones."""
        conditions = [*self.population.where, *self.within]
        keys = dict.fromkeys([*(each.variable for each in conditions), *self.asked])
        return tuple(key for key in keys if key not in DERIVED)


@dataclass(frozen=True, slots=True)
class External:
    """A number of somebody else, as it stood on a day; a later revision is another one."""

    key: str
    who: str
    estimate: float
    lower: float | None
    upper: float | None
    level: float
    source: Text
    published_on: date
    revision: Text


@dataclass(frozen=True, slots=True)
class Book:
    """All definitions under one version of the codebook."""

    codebook: Codebook
    populations: Mapping[str, Population]
    figures: Mapping[str, Definition]
    externals: Mapping[str, External]
    sensitive: frozenset[str]
    """Of which variables no reader may learn that all of a group, or none, have a code: all but
    those that people round somebody can know without her having told it."""

    def told_by(self, figure: Definition) -> frozenset[str]:
        """The sensitive variables that a figure tells something of; those of its population too."""
        return self.sensitive.intersection((*figure.variables, *figure.asked))

    def asked_by(self, asked: Iterable[str], within: Conditions = ()) -> frozenset[str]:
        """The sensitive variables that decide of whom these are asked, as their base then tells."""
        found = {each.variable for each in within}
        left = list(asked)
        while left:
            variable = self.codebook.variables.get(left.pop())
            before = {each.variable for each in variable.asked_when} if variable else set()
            left += before - found
            found |= before
        return self.sensitive & found


def said(conditions: Conditions) -> str:
    """Conditions as a line that can be read and typed."""
    return " & ".join(_said(each) for each in conditions)


def _said(condition: Condition) -> str:
    parts = [
        f"{condition.variable} {word} {', '.join(codes)}"
        for word, codes in (
            ("any of", condition.any_of),
            ("all of", condition.all_of),
            ("none of", condition.none_of),
        )
        if codes
    ]
    if condition.at_least is not None:
        parts.append(f"{condition.variable} >= {condition.at_least}")
    if condition.below is not None:
        parts.append(f"{condition.variable} < {condition.below}")
    return " & ".join(parts)
