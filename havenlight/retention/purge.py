"""Destroying bytes: what was deleted must not be in a file of the database any more."""

import time
from collections.abc import Iterable

from django.db import DatabaseError, connection

from havenlight.retention.errors import NotPurged

_TRIES = 40
_PAUSE_SECONDS = 0.25


def purge(tables: Iterable[str]) -> None:
    """Destroy what was deleted from these tables, or raise NotPurged, which says what to do.

    SQLite overwrites what is deleted (`secure_delete`), but pages as they were stand in the
    write-ahead log until it is truncated. PostgreSQL keeps old rows in the table and in its log:
    small tables are written anew, and the log is switched and checkpointed, which removes its old
    files where `wal_recycle` is off.
    """
    if connection.vendor == "sqlite":
        _truncate_log()
    else:
        _rewrite(sorted(set(tables)))


def _truncate_log() -> None:
    for _ in range(_TRIES):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, *_sizes = cursor.fetchone()
        if not busy:
            return
        # Somebody reads what was before; that takes milliseconds.
        time.sleep(_PAUSE_SECONDS)
    raise NotPurged("the database was in use all the time; run `havenlight erase` again")


def _rewrite(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM FULL {connection.ops.quote_name(table)}")
        # Too large to be written anew while people talk; it holds nothing that opens without a key.
        cursor.execute("VACUUM chat_message")
        try:
            cursor.execute("SELECT pg_switch_wal()")
            cursor.execute("CHECKPOINT")
        except DatabaseError as error:
            raise NotPurged(
                "erased, but PostgreSQL's log still has it: grant EXECUTE on pg_switch_wal() and "
                "the role pg_checkpoint to this database user"
            ) from error
