"""Many files as one that is kept and handed on: of made-up persons, or of an edition."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

UTILITY = "utility.csv"
README = "README.txt"

_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""The same files give the same bytes."""


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """All files in one zip, in order of their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in sorted(files.items()):
            package.writestr(zipfile.ZipInfo(name, _ALWAYS), content, method)
    return out.getvalue()


def bundled(files: Mapping[str, bytes]) -> bytes:
    """The same without compression: anyone may ask for it, and it must cost the server little."""
    return zipped(files, zipfile.ZIP_STORED)


def unzipped(content: bytes) -> dict[str, bytes]:
    """What `zipped` put together."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


@dataclass(frozen=True, slots=True)
class Utility:
    """How far a file is from a true table: `other` is empty for a table of one variable."""

    variable: str
    other: str
    largest: int
    moved: float


def utility(content: bytes) -> Iterator[Utility]:
    """What a kept file says of itself, each variable and each pair."""
    rows = csv.reader(io.StringIO(unzipped(content)[UTILITY].decode()))
    next(rows)
    for variable, other, largest, moved in rows:
        yield Utility(variable, other, int(largest), float(moved))
