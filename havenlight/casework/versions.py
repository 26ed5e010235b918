"""The codebooks that ship with Havenlight; what is published never changes."""

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise

from havenlight.casework.codebook import Codebook
from havenlight.casework.errors import CodebookRefused
from havenlight.casework.loading import Reader, parsed, read_codebook
from havenlight.casework.maps import read_map

SHIPPED: Traversable = files("havenlight.casework.codebooks")
PUBLISHED = "published.toml"


def check_published(directory: Traversable | None = None) -> tuple[str, ...]:
    """The published versions in order, or CodebookRefused: one changed, or without its map."""
    versions = tuple(published_hashes(directory))
    books = [codebook(version, directory) for version in versions]
    for old, new in pairwise(books):
        read_map(directory or SHIPPED, old, new)
    return versions


def newest(directory: Traversable | None = None) -> Codebook:
    """The codebook published last."""
    return codebook(list(published_hashes(directory))[-1], directory)


def codebook(version: str, directory: Traversable | None = None) -> Codebook:
    """The published codebook of that version, byte for byte as it was published."""
    file = f"{version}.toml"
    expected = published_hashes(directory).get(version)
    if expected is None:
        raise CodebookRefused(file, "version", f"is not in {PUBLISHED}")
    content = _bytes(directory, file)
    if fingerprint(content) != expected:
        reason = "was changed after it was published; make a new version and a map instead"
        raise CodebookRefused(file, "the file", reason)
    book = read_codebook(file, content)
    if book.version != version:
        raise CodebookRefused(file, "version", f"is {book.version}, not {version}")
    return book


def published_hashes(directory: Traversable | None = None) -> Mapping[str, str]:
    """The SHA-256 of each published codebook, oldest first."""
    read = Reader(PUBLISHED)
    table = read.table(parsed(PUBLISHED, _bytes(directory, PUBLISHED)).get("sha256"), "sha256")
    return {version: read.string(table, version, version) for version in table}


def fingerprint(content: bytes) -> str:
    """The SHA-256 of a codebook's bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _bytes(directory: Traversable | None, file: str) -> bytes:
    try:
        return (directory or SHIPPED).joinpath(file).read_bytes()
    except OSError:
        raise CodebookRefused(file, "the file", "cannot be read") from None
