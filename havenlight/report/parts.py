"""The parts that documents have, and the chapters that the report is told in."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from havenlight.report.edition import Edition

INTRODUCTION = "intro"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table for people: the first cell of a row is its head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_numbers: bool = True
    remarks: tuple[str, ...] = ()
    """What moved the counts of the years in it."""


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence that a reader takes along, and below it what it stands on."""

    said: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Some sentences, a plot and its numbers."""

    heading: str = ""
    sentences: tuple[str, ...] = ()
    plot: str = ""
    alt: str = ""
    grid: Grid | None = None
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document; `words` are those that people wrote around the figures."""

    key: str
    heading: str
    blocks: tuple[Block, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A key figure: large number, what it is of, and how sure."""

    number: str
    of: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A report, fact sheet, short version or note in one language."""

    kind: str
    language: str
    title: str
    subtitle: str
    edition: Edition
    cards: tuple[Card, ...]
    sections: tuple[Section, ...]
    back: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """Which figures a section tells, in order."""

    key: str
    heading: str | Promise
    counts: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


CHAPTERS = {
    each.key: each
    for each in (
        Chapter("many", gettext_lazy("How many came"), ("visitors", "victims", "bystanders"),
                ("returning",), ("month",)),
        Chapter("who", gettext_lazy("Who they are"), (),
                ("minor", "age_15_or_younger", "younger_than_15", "girls"),
                ("age", "gender", "language")),
        Chapter("what", gettext_lazy("What happens to them"), (),
                ("still_exploited", "sexual_exploitation", "criminal_exploitation",
                 "exploited_over_one_year", "exploited_five_years_or_up_to"),
                ("forms", "forms_combined", "duration", "means_of_control")),
        Chapter("whom", gettext_lazy("Who exploits them"), (),
                ("parent_perpetrator", "several_perpetrators", "parent_case_over_two_years",
                 "siblings"), ("relation", "parents")),
        Chapter("help", gettext_lazy("Help, before and after the chat"), (),
                ("first_disclosure", "known_to_care_or_police", "referral_offered",
                 "referral_accepted", "referral_arrived"), ("help_missing",)),
        Chapter("where", gettext_lazy("Where it began, and where they are"), (), (),
                ("recruitment_platform", "province")),
    )
}  # fmt: skip


WORDED = (INTRODUCTION, *CHAPTERS)
"""Where people may write around the figures."""
