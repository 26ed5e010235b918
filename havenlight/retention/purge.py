"""Destroying bytes: what was deleted must not be in a file of the database any more."""

import logging
import time
from collections.abc import Iterable

from django.db import DatabaseError, OperationalError, connection
from django.db.backends.utils import CursorWrapper

from havenlight.retention.errors import NotPurged

_log = logging.getLogger(__name__)

MOST_BYTES = 128 * 2**20
"""Messages are written anew up to this size, which takes about a second, and nobody can send
meanwhile (88 MB took 1.0 s, 178 MB 2.7 s)."""
_MESSAGES = "chat_message"
_TRIES = 40
_PAUSE_SECONDS = 0.25


def purge(tables: Iterable[str]) -> None:
    """Destroy what was deleted from these tables, or raise NotPurged, which says what to do.

    SQLite overwrites what is deleted (`secure_delete`), but pages as they were stand in the
    write-ahead log until it is truncated. PostgreSQL keeps old rows in the table and in its log:
    tables are written anew, and the log is switched and checkpointed, which removes its old files
    where `wal_recycle` is off. Messages are not when they are too many, or in use: what is left of
    them in free pages opens with no key any more, and the next purge tries again.
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
        _rewrite_messages(cursor)
        try:
            cursor.execute("SELECT pg_switch_wal()")
            cursor.execute("CHECKPOINT")
        except DatabaseError as error:
            raise NotPurged(
                "erased, but PostgreSQL's log still has it: grant EXECUTE on pg_switch_wal() and "
                "the role pg_checkpoint to this database user"
            ) from error


def _rewrite_messages(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT pg_total_relation_size(%s)", [_MESSAGES])
    if cursor.fetchone()[0] <= MOST_BYTES:
        # Whoever waits for this lock makes all who send wait behind her.
        cursor.execute("SET lock_timeout = '2s'")
        try:
            cursor.execute(f"VACUUM FULL {_MESSAGES}")
            return
        except OperationalError:
            _log.warning("%s was in use; erased messages stay in its free pages", _MESSAGES)
        finally:
            cursor.execute("RESET lock_timeout")
    else:
        _log.warning("%s is large; erased messages stay in its free pages", _MESSAGES)
    cursor.execute(f"VACUUM {_MESSAGES}")
