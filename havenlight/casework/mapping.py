"""A mapping file: how the columns of somebody's spreadsheet are the variables of a codebook."""

import tomllib
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from havenlight.casework import versions
from havenlight.casework.codebook import Codebook, Kind
from havenlight.casework.errors import MappingRefused

SIMULATED, PERSON, DAY, CONVERSATIONS = "simulated", "person", "first_seen_on", "conversations"
"""The columns of our own exports that are no variables; who is simulated does not exist."""

SEPARATOR, PACKAGE = ";", "datapackage.json"
"""Between the codes of a cell of our own exports; and what describes them, beside them."""

_SETTINGS = {"codebook", "person", "contacted_on", "conversations", "every_contact", *(
    "columns", "fixed", "encoding", "delimiter", "date_format", "separator", "simulated"
)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its variable, and which of its words is which code."""

    variable: str
    codes: Dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a spreadsheet is read. Without `person` every row is a person of her own."""

    codebook: Codebook
    contacted_on: str
    columns: Dict[str, Column]
    person: str | None = None
    fixed: Dict[str, object] = field(default_factory=dict)
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    date_format: str = "%Y-%m-%d"
    separator: str = SEPARATOR
    simulated: bool = False
    """Whether nobody in the spreadsheet exists."""
    conversations: str | None = None
    """The column with how many conversations a person had in the year she was first seen."""
    every_contact: bool = False
    """Whether the spreadsheet has a row for every conversation; else nobody knows how many."""


def of_our_own(version: str) -> Mapping:
    """The mapping of what `export` writes."""
    book = versions.codebook(version)
    columns = {key: Column(key) for key in book.variables}
    return Mapping(book, DAY, columns, PERSON, conversations=CONVERSATIONS)


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file, or raise MappingRefused with what is wrong with it."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise MappingRefused("cannot be read") from None
    except ValueError as error:
        raise MappingRefused(f"is not TOML: {error}") from error
    if unknown := sorted(set(found) - _SETTINGS):
        raise MappingRefused(f"has settings that are not known: {', '.join(unknown)}")
    if not all(isinstance(found.get(name), str) for name in ("codebook", "contacted_on")):
        raise MappingRefused("needs codebook and contacted_on")
    book = versions.codebook(found["codebook"])
    if {"conversations", "every_contact"} <= set(found):
        raise MappingRefused("has conversations and every_contact; one of them counts")
    own = {"codebook", "contacted_on", "columns"}
    given = {name: found[name] for name in _SETTINGS - own if name in found}
    columns = {name: _column(book, name, one) for name, one in found.get("columns", {}).items()}
    return Mapping(book, found["contacted_on"], columns, **given)


def _column(book: Codebook, name: str, found: Any) -> Column:
    if not isinstance(found, dict) or not isinstance(found.get("variable"), str):
        raise MappingRefused(f'[columns."{name}"] needs a variable')
    variable = book.variables.get(found["variable"])
    if variable is None:
        raise MappingRefused(f"names {found['variable']}, which is no variable of {book.version}")
    codes = found.get("codes", {})
    if variable.kind in {Kind.ONE, Kind.SEVERAL}:
        absences = set(book.absences)
        wrong = [
            code for code in codes.values() if code not in absences and not variable.code(code)
        ]
        if wrong:
            raise MappingRefused(f"names {wrong[0]}, which is no code of {variable.key}")
    return Column(variable.key, codes)
