"""What a codebook is made of: variables, codes, and when a variable is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NewType, TypeAlias

Answer: TypeAlias = str | int | tuple[str, ...] | date
"""A code, a number or months, several codes, a date; or one of the four absences."""

Answers: TypeAlias = Mapping[str, Answer]
"""The answers of one registration, by variable."""

Complete = NewType("Complete", Answers)
"""Answers to every variable, in the order of the codebook, that `answers.completed` found sound."""

LANGUAGES = ("nl", "en")


class Kind(StrEnum):
    """What an answer to a variable looks like."""

    ONE = "one"
    SEVERAL = "several"
    NUMBER = "number"
    MONTHS = "months"
    DATE = "date"
    KEY = "key"
    """A short key from a list of the organisation's own, such as a campaign."""


class Absence(StrEnum):
    """Four different reasons why a fact is not there; every variable may have any of them."""

    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"
    REFUSED = "refused"
    NOT_APPLICABLE = "not_applicable"


class Publish(StrEnum):
    """Whether a variable may leave the helpline; always through disclosure control."""

    TABLES = "tables"
    SENSITIVE = "sensitive"
    """In tables, but no share of 0% or 100%, and no crossing with another sensitive variable."""
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Dutch and in English."""

    nl: str
    en: str

    def in_language(self, language: str) -> str:
        """The words in one of LANGUAGES."""
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True, slots=True)
class Code:
    """One of the answers of a variable."""

    code: str
    label: Text
    help: Text | None = None
    merge_into: str | None = None
    """The neighbour that takes it up in a table where it is too small to print."""
    alone: bool = False
    """Contradicts every other code, as "nobody" does."""
    at_least: int | None = None
    at_most: int | None = None
    htcds: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when the answer to an earlier variable is, or holds, one of these codes."""

    variable: str
    any_of: frozenset[str]


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing that may be coded."""

    key: str
    section: str
    kind: Kind
    label: Text
    help: Text
    publish: Publish
    codes: tuple[Code, ...] = ()
    asked_when: tuple[Condition, ...] = ()
    """All of them must hold; without any it is always asked."""
    at_least: int | None = None
    at_most: int | None = None
    band_of: str | None = None
    """The number or months whose closed bands these codes are."""
    htcds: str | None = None
    _by_name: Mapping[str, Code] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep the codes by name: a spreadsheet asks for millions of them."""
        object.__setattr__(self, "_by_name", {each.code: each for each in self.codes})

    def code(self, code: str) -> Code | None:
        """The code of that name, if there is one."""
        return self._by_name.get(code)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form, in the order it is asked."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Codebook:
    """One version of what may be coded."""

    version: str
    valid_from: date
    title: Text
    absences: Mapping[Absence, Text]
    sections: tuple[Section, ...]
    variables: Mapping[str, Variable]
    """In the order they are asked; a condition names an earlier one."""

    def absence(self, absence: Absence, language: str) -> str:
        """An absence in few words: those after the colon explain, where there is room."""
        return self.absences[absence].in_language(language).partition(":")[0]
