"""What a browser has written into its profile: history, cookies, storage, caches, forms."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.browser.lz4 import unpack

Rows = set[str]

KINDS = (
    "addresses and titles in the history",
    "icons",
    "cookies",
    "what was typed into forms",
    "local storage",
    "IndexedDB",
    "service workers",
    "pages and scripts in caches",
    "HSTS",
)
"""What the page of traces lists of every browser, in its order."""

# The host alone, which Firefox may note to connect sooner, stands in the history anyway.
_ADDRESS = re.compile(rb"http://(127\.0\.0\.1:\d+/[\w.-][\w./-]*)")


def kept_by_chromium(profile: Path) -> dict[str, Rows]:
    """What Chromium keeps, by kind; of storage only the files that name 127.0.0.1."""
    home = profile / "Default"
    return dict(
        zip(
            KINDS,
            (
                _rows(home / "History", "SELECT url, title FROM urls"),
                _rows(
                    home / "Favicons",
                    "SELECT page_url, url FROM icon_mapping JOIN favicons f ON f.id = icon_id",
                ),
                _rows(home / "Cookies", "SELECT host_key, name FROM cookies"),
                _rows(home / "Web Data", "SELECT name, value FROM autofill"),
                _naming(home / "Local Storage"),
                _naming(home / "IndexedDB"),
                _naming(home / "Service Worker"),
                _cached(home / "Cache") | _cached(home / "Code Cache"),
                _naming(home / "TransportSecurity"),
            ),
            strict=True,
        )
    )


def kept_by_firefox(profile: Path) -> dict[str, Rows]:
    """What Firefox keeps, by kind; of storage only the files that name 127.0.0.1."""
    return dict(
        zip(
            KINDS,
            (
                _rows(profile / "places.sqlite", "SELECT url, title FROM moz_places"),
                _rows(
                    profile / "favicons.sqlite",
                    "SELECT page_url, icon_url FROM moz_pages_w_icons p "
                    "JOIN moz_icons_to_pages ON page_id = p.id JOIN moz_icons i ON i.id = icon_id",
                ),
                _rows(profile / "cookies.sqlite", "SELECT host, name FROM moz_cookies"),
                _rows(
                    profile / "formhistory.sqlite", "SELECT fieldname, value FROM moz_formhistory"
                ),
                _naming(profile / "webappsstore.sqlite") | _naming(profile / "storage" / "default"),
                _naming(profile / "storage" / "default"),
                _naming(profile / "serviceworker.txt"),
                _cached(profile / "cache2", but="doomed"),
                _naming(profile / "SiteSecurityServiceState.bin"),
            ),
            strict=True,
        )
    )


def discarded_by_firefox(profile: Path) -> Rows:
    """What Firefox's cache has thrown away but not yet erased: addresses, without what was there.

    It makes room for an answer that is long in coming, and hears only from its headers that it may
    not be kept.
    """
    return _cached(profile / "cache2" / "doomed")


def holding(profile: Path, marks: dict[str, str]) -> dict[str, set[str]]:
    """For each of `marks` the files that hold it, whatever they are called."""
    found: dict[str, set[str]] = {name: set() for name in marks}
    for file, raw in _files(profile):
        for name, mark in marks.items():
            if mark.encode() in raw or mark.encode("utf-16-le") in raw:
                found[name].add(file)
    return found


def _files(where: Path) -> Iterator[tuple[str, bytes]]:
    files = [where] if where.is_file() else sorted(where.rglob("*"))
    for file in files:
        if file.is_file() and not file.is_symlink():
            yield str(file.relative_to(where)), unpack(file.read_bytes())


def _naming(where: Path) -> Rows:
    return {name for name, raw in _files(where) if b"127.0.0.1:" in raw or "127.0.0.1+" in name}


def _cached(where: Path, but: str | None = None) -> Rows:
    return {
        found.decode()
        for name, raw in _files(where)
        if Path(name).parts[0] != but
        for found in _ADDRESS.findall(raw)
    }


def _rows(file: Path, query: str) -> Rows:
    """The rows of a table; none when the browser never made it."""
    if not file.exists():
        return set()
    with closing(sqlite3.connect(file)) as database:
        try:
            return {" · ".join(str(value) for value in row) for row in database.execute(query)}
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            return set()
