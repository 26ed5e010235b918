"""What people write around the figures: words by chapter, and remarks on years. Never a number.

[[notes]]
year = 2021
kind = "hours"
text = { nl = "De chat was in de zomer 's nachts open.", en = "..." }
[words.who]
nl = "..."
en = "..."
"""

from pathlib import Path

from havenlight.casework.errors import CodebookRefused
from havenlight.casework.loading import Reader, parsed
from havenlight.report.codes import Moved
from havenlight.report.edition import Note, Texts
from havenlight.report.errors import EditionRefused
from havenlight.report.parts import WORDED


def read(path: Path) -> tuple[tuple[Note, ...], Texts]:
    """The remarks and the words of a file, or EditionRefused.

    A digit in the words of a chapter is refused: every number in a report comes from a definition.
    Remarks on a year may hold dates.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EditionRefused(f"{path.name}: {error.strerror}") from None
    try:
        return _read(path.name, content)
    except CodebookRefused as error:
        raise EditionRefused(str(error)) from None


def holds_number(words: str) -> bool:
    """Whether words have a digit in them, of any script."""
    return any(letter.isnumeric() for letter in words)


def _read(file: str, content: bytes) -> tuple[tuple[Note, ...], Texts]:
    read = Reader(file)
    top = parsed(file, content)
    read.only(top, frozenset({"notes", "words"}), "the file")
    notes = []
    for table in read.tables(top.get("notes", []), "notes"):
        read.only(table, frozenset({"year", "kind", "text"}), "notes")
        year = read.number(table, "year", "notes")
        if year is None:
            raise read.refused("notes", "year is missing")
        kind = read.choice(Moved, table, "kind", "notes") if "kind" in table else Moved.OTHER
        notes.append(Note(year, read.text(table.get("text"), "notes"), kind.value))
    words: dict[str, dict[str, str]] = {}
    given = read.table(top.get("words", {}), "words")
    read.only(given, frozenset(WORDED), "words")
    for key, value in given.items():
        text = read.text(value, f"words.{key}")
        if holds_number(text.nl + text.en):
            reason = "holds a digit; numbers come from figures, write around them"
            raise read.refused(f"words.{key}", reason)
        words[key] = {"nl": text.nl, "en": text.en}
    return tuple(notes), words
