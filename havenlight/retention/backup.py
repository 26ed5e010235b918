"""Backups of the database, each with the ledger of erasures beside it."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from havenlight.retention import ledger
from havenlight.retention.errors import BackupRefused


def make(path: Path) -> None:
    """Write a backup to `path`, which may not exist, and a copy of the ledger beside it.

    People may talk meanwhile: the backup is the database as it was at one moment.
    """
    if path.exists():
        raise BackupRefused(f"{path} exists; give another name, so that nothing is overwritten")
    with _refused(path):
        # Made first, so that nobody else can ever read what comes into it.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if connection.vendor == "sqlite":
            _copy(Path(_database()["NAME"]), path)
        else:
            _run("pg_dump", "--format=custom", "--no-owner", f"--file={path}", _database()["NAME"])
        ledger.copy_beside(settings.ERASURE_LEDGER, path)


def restore(path: Path) -> None:
    """Put the database back as it is in `path`; it is whole before anything is replaced.

    Nothing may serve meanwhile. What was erased since must be erased again at once.
    """
    if not path.is_file():
        raise BackupRefused(f"there is no backup at {path}")
    connection.close()
    with _refused(path):
        if connection.vendor == "sqlite":
            _replace(path)
        else:
            name = _database()["NAME"]
            _run(
                *("pg_restore", "--clean", "--if-exists", "--single-transaction", "--no-owner"),
                *(f"--dbname={name}", str(path)),
            )


def gather_ledgers(*others: Path) -> None:
    """Add to the ledger of this installation what other ledgers have."""
    known = ledger.read(settings.ERASURE_LEDGER)
    for other in others:
        if other.exists() and ledger.read(other) - known:
            with settings.ERASURE_LEDGER.open("a", encoding="ascii") as file:
                file.write(other.read_text(encoding="ascii"))


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _replace(path: Path) -> None:
    database = Path(_database()["NAME"])
    fresh = database.with_name(f"{database.name}.restoring")
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as backup:
        found = backup.execute("PRAGMA integrity_check").fetchone()[0]
        tables = backup.execute("SELECT count(*) FROM sqlite_master WHERE name = 'chat_wrap'")
        if found != "ok" or not tables.fetchone()[0]:
            raise BackupRefused(f"{path} is damaged, or no backup of Havenlight")
    shutil.copyfile(path, fresh)
    fresh.chmod(0o600)
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    fresh.replace(database)


def _database() -> dict[str, Any]:
    return dict(settings.DATABASES["default"])


def _run(*command: str) -> None:
    """Run a program of PostgreSQL; the password goes by its environment, which nobody lists."""
    found = _database()
    program = shutil.which(command[0])
    if program is None:
        raise BackupRefused(f"{command[0]} is missing; install PostgreSQL's client programs")
    environment = {
        "PGHOST": found["HOST"],
        "PGPORT": str(found["PORT"]),
        "PGUSER": found["USER"],
        "PGPASSWORD": found["PASSWORD"],
    }
    done = subprocess.run(  # noqa: S603 -- a program of PostgreSQL with our own arguments
        [program, *command[1:]],
        env=os.environ | {name: value for name, value in environment.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupRefused(f"{command[0]} failed: {done.stderr.strip()[-500:]}")


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise BackupRefused(f"{path} cannot be used: {type(error).__name__}") from error
