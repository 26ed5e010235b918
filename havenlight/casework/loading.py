"""Reads a codebook from TOML, and refuses by name whatever a form or a figure would trip over."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from havenlight.casework.codebook import (
    LANGUAGES,
    Absence,
    Code,
    Codebook,
    Condition,
    Kind,
    Publish,
    Section,
    Text,
    Variable,
)
from havenlight.casework.errors import CodebookRefused
from havenlight.casework.htcds import VALUES

Table = dict[str, object]
Choice = TypeVar("Choice", bound=StrEnum)

WITH_CODES = frozenset({Kind.ONE, Kind.SEVERAL})
COUNTED = frozenset({Kind.NUMBER, Kind.MONTHS})
KEY = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")

TOP_KEYS = frozenset({"version", "valid_from", "title", "absences", "sections", "variables"})
VARIABLE_KEYS = frozenset(
    {"key", "section", "kind", "label", "help", "publish", "codes", "asked_when", "at_least"}
    | {"at_most", "band_of", "htcds"}
)
CODE_KEYS = frozenset({"code", "help", "merge", "alone", "at_least", "at_most", "htcds"})


class Reader:
    """Takes typed values out of tables; every refusal names the file and the place."""

    def __init__(self, file: str) -> None:
        """Read for this file."""
        self.file = file

    def refused(self, where: str, reason: str) -> CodebookRefused:
        """The refusal to raise."""
        return CodebookRefused(self.file, where, reason)

    def only(self, table: Table, known: frozenset[str], where: str) -> None:
        """Refuse a key that nobody reads: it is a slip of the pen."""
        if extra := sorted(set(table) - known):
            raise self.refused(where, f"does not know the key {extra[0]}")

    def table(self, value: object, where: str) -> Table:
        """A table."""
        if not isinstance(value, dict):
            raise self.refused(where, "must be a table")
        return value

    def tables(self, value: object, where: str) -> list[Table]:
        """A list of tables."""
        if not isinstance(value, list):
            raise self.refused(where, "must be a list of tables")
        return [self.table(each, where) for each in value]

    def string(self, table: Table, key: str, where: str) -> str:
        """Words that must be there."""
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.refused(where, f"{key} is missing or empty")
        return value

    def key(self, table: Table, key: str, where: str) -> str:
        """A name made of small letters, digits and underscores."""
        value = self.string(table, key, where)
        if not KEY.fullmatch(value):
            raise self.refused(where, f"{key} must be small letters, digits and underscores")
        return value

    def optional(self, table: Table, key: str, where: str) -> str | None:
        """Words that may be absent, but not empty."""
        return self.string(table, key, where) if key in table else None

    def flag(self, table: Table, key: str, where: str) -> bool:
        """True or false; false when absent."""
        value = table.get(key, False)
        if not isinstance(value, bool):
            raise self.refused(where, f"{key} must be true or false")
        return value

    def number(self, table: Table, key: str, where: str) -> int | None:
        """A whole number, or None when absent."""
        value = table.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self.refused(where, f"{key} must be a whole number")
        return value

    def day(self, table: Table, key: str, where: str) -> date:
        """A date that must be there."""
        value = table.get(key)
        if type(value) is not date:
            raise self.refused(where, f"{key} must be a date")
        return value

    def text(self, value: object, where: str) -> Text:
        """Words in every language."""
        table = self.table(value, where)
        self.only(table, frozenset(LANGUAGES), where)
        return Text(*(self.string(table, language, where) for language in LANGUAGES))

    def choice(self, choices: type[Choice], table: Table, key: str, where: str) -> Choice:
        """One of a fixed list."""
        value = self.string(table, key, where)
        try:
            return choices(value)
        except ValueError:
            known = ", ".join(choices)
            raise self.refused(where, f"{key} must be one of {known}") from None


def parsed(file: str, content: bytes) -> Table:
    """The tables of a TOML file, or CodebookRefused."""
    try:
        return tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CodebookRefused(file, "the file", f"is not TOML in UTF-8: {error}") from None


def read_codebook(file: str, content: bytes) -> Codebook:
    """The codebook in these bytes, or CodebookRefused with file, variable and reason."""
    read = Reader(file)
    top = parsed(file, content)
    read.only(top, TOP_KEYS, "the file")
    sections = tuple(
        Section(key, read.text(label, f"sections.{key}"))
        for key, label in read.table(top.get("sections"), "sections").items()
    )
    return Codebook(
        version=read.string(top, "version", "the file"),
        valid_from=read.day(top, "valid_from", "the file"),
        title=read.text(top.get("title"), "title"),
        absences=_absences(read, top),
        sections=sections,
        variables=_variables(read, top, frozenset(section.key for section in sections)),
    )


def _absences(read: Reader, top: Table) -> Mapping[Absence, Text]:
    table = read.table(top.get("absences"), "absences")
    read.only(table, frozenset(Absence), "absences")
    return {each: read.text(table.get(each), f"absences.{each}") for each in Absence}


def _variables(read: Reader, top: Table, sections: frozenset[str]) -> Mapping[str, Variable]:
    variables: dict[str, Variable] = {}
    for table in read.tables(top.get("variables"), "variables"):
        variable = _variable(read, table)
        if variable.key in variables:
            raise read.refused(variable.key, "stands in the file twice")
        if variable.section not in sections:
            raise read.refused(variable.key, f"there is no section {variable.section}")
        _check_conditions(read, variable, variables)
        _check_band(read, variable, variables)
        variables[variable.key] = variable
    if not variables:
        raise read.refused("variables", "there is none")
    return variables


def _variable(read: Reader, table: Table) -> Variable:
    key = read.key(table, "key", "a variable without a key")
    read.only(table, VARIABLE_KEYS, key)
    variable = Variable(
        key=key,
        section=read.string(table, "section", key),
        kind=read.choice(Kind, table, "kind", key),
        label=read.text(table.get("label"), f"{key}.label"),
        help=read.text(table.get("help"), f"{key}.help"),
        publish=read.choice(Publish, table, "publish", key),
        codes=tuple(_code(read, key, each) for each in read.tables(table.get("codes", []), key)),
        asked_when=tuple(
            _condition(read, key, each) for each in read.tables(table.get("asked_when", []), key)
        ),
        at_least=read.number(table, "at_least", key),
        at_most=read.number(table, "at_most", key),
        band_of=read.optional(table, "band_of", key),
        htcds=read.optional(table, "htcds", key),
    )
    _check_kind(read, variable)
    _check_codes(read, variable)
    _check_htcds(read, variable)
    return variable


def _code(read: Reader, variable: str, table: Table) -> Code:
    name = read.key(table, "code", f"{variable}: a code without a name")
    where = f"{variable}.{name}"
    read.only(table, CODE_KEYS | frozenset(LANGUAGES), where)
    return Code(
        code=name,
        label=read.text({key: table[key] for key in LANGUAGES if key in table}, where),
        help=read.text(table["help"], f"{where}.help") if "help" in table else None,
        merge_into=read.optional(table, "merge", where),
        alone=read.flag(table, "alone", where),
        at_least=read.number(table, "at_least", where),
        at_most=read.number(table, "at_most", where),
        htcds=read.optional(table, "htcds", where),
    )


def _condition(read: Reader, variable: str, table: Table) -> Condition:
    read.only(table, frozenset({"variable", "any_of"}), variable)
    codes = table.get("any_of")
    if not isinstance(codes, list) or not codes or not all(isinstance(c, str) for c in codes):
        raise read.refused(variable, "asked_when needs any_of: a list of codes")
    return Condition(read.string(table, "variable", variable), frozenset(codes))


def _check_kind(read: Reader, variable: Variable) -> None:
    if (variable.kind in WITH_CODES) != bool(variable.codes):
        raise read.refused(variable.key, f"kind {variable.kind} and its codes do not go together")
    limits = (variable.at_least, variable.at_most)
    if variable.kind not in COUNTED:
        if limits != (None, None):
            raise read.refused(variable.key, "limits are for kind number and months")
    elif variable.at_least is None or variable.at_most is None:
        raise read.refused(variable.key, f"kind {variable.kind} needs at_least and at_most")
    elif variable.at_least > variable.at_most:
        raise read.refused(variable.key, "at_least is more than at_most")


def _check_codes(read: Reader, variable: Variable) -> None:
    names = [code.code for code in variable.codes]
    for code in variable.codes:
        where = f"{variable.key}.{code.code}"
        if names.count(code.code) > 1:
            raise read.refused(where, "stands there twice")
        if code.code in set(Absence):
            raise read.refused(where, "is an absence, which every variable has already")
        if code.merge_into is not None and code.merge_into not in set(names) - {code.code}:
            raise read.refused(where, f"cannot be merged into {code.merge_into}")
        if code.alone and variable.kind is not Kind.SEVERAL:
            raise read.refused(where, "alone is for kind several")


def _check_htcds(read: Reader, variable: Variable) -> None:
    if variable.htcds is not None and variable.htcds not in VALUES:
        raise read.refused(variable.key, f"HTCDS has no field {variable.htcds} that we know")
    known = VALUES.get(variable.htcds or "", frozenset())
    for code in variable.codes:
        if code.htcds is not None and code.htcds not in known:
            where = f"{variable.key}.{code.code}"
            raise read.refused(where, f"its HTCDS field has no value {code.htcds} that we know")


def _check_conditions(read: Reader, variable: Variable, earlier: Mapping[str, Variable]) -> None:
    for condition in variable.asked_when:
        other = earlier.get(condition.variable)
        if other is None:
            # Backwards only, so that no two variables can wait for each other.
            reason = f"asked_when names {condition.variable}, which does not stand before it"
            raise read.refused(variable.key, reason)
        if missing := sorted(condition.any_of - {code.code for code in other.codes}):
            raise read.refused(variable.key, f"{condition.variable} has no code {missing[0]}")


def _check_band(read: Reader, variable: Variable, earlier: Mapping[str, Variable]) -> None:
    if variable.band_of is None:
        if any(code.at_least is not None or code.at_most is not None for code in variable.codes):
            raise read.refused(variable.key, "codes have limits, so it needs band_of")
        return
    source = earlier.get(variable.band_of)
    if source is None or source.kind not in COUNTED or variable.kind is not Kind.ONE:
        raise read.refused(variable.key, f"cannot be the bands of {variable.band_of}")
    if source.asked_when != variable.asked_when:
        raise read.refused(variable.key, f"must be asked when {source.key} is")
    follows = source.at_least
    for code in variable.codes:
        if follows is None or code.at_least != follows or code.at_most is None:
            raise read.refused(variable.key, f"the bands are not closed before {code.code}")
        follows = code.at_most + 1
    if source.at_most is None or follows != source.at_most + 1:
        raise read.refused(variable.key, f"the bands do not end where {source.key} does")
