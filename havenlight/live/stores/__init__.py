"""The append log and its reader, on SQLite and on PostgreSQL: one behaviour, two dialects."""

# PostgreSQL's library is imported where it is needed: a start on SQLite does not wait for it.
# ruff: noqa: PLC0415

from django.conf import settings

from havenlight.live.jobs import Reader, Writer
from havenlight.live.stores import sqlite


def writer() -> Writer:
    """The writer of the installation's database."""
    if path := _sqlite_path():
        return sqlite.SqliteWriter(path)
    from havenlight.live.stores import postgres

    return postgres.PostgresWriter(_conninfo())


def reader() -> Reader:
    """The reader of the installation's database."""
    if path := _sqlite_path():
        return sqlite.SqliteReader(path)
    from havenlight.live.stores import postgres

    return postgres.PostgresReader(_conninfo())


def _sqlite_path() -> str | None:
    database = settings.DATABASES["default"]
    return str(database["NAME"]) if database["ENGINE"].endswith("sqlite3") else None


def _conninfo() -> str:
    from psycopg.conninfo import make_conninfo

    database = settings.DATABASES["default"]
    # What followed the question mark of the database's address: sslmode and the like.
    asked = {name: value for name, value in database["OPTIONS"].items() if name != "pool"}
    return make_conninfo(
        **asked,
        host=database["HOST"],
        port=database["PORT"] or 5432,
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=database["NAME"],
    )
