"""The ledger of erasures: hashes of ids, in a file outside the database.

A backup still has what was erased after it was made. The ledger tells which that is, and nothing
else: an id is 16 random bytes, so that its hash says nothing to who has no backup.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from havenlight.retention.clocks import Clock


def entry(clock: Clock, identifier: UUID) -> str:
    """How an erased thing stands in the ledger."""
    return hashlib.sha256(f"{clock}|{identifier.hex}".encode()).hexdigest()


def append(path: Path, clock: Clock, identifiers: Iterable[UUID], now: datetime) -> None:
    """Note that these are erased; on the disk before this returns."""
    day = now.astimezone(UTC).date().isoformat()
    lines = "".join(f"{day} {clock} {entry(clock, one)}\n" for one in identifiers)
    if not lines:
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def read(*paths: Path) -> set[str]:
    """All entries of the ledgers that there are; a line cut off by a crash is passed over."""
    entries: set[str] = set()
    for path in paths:
        if path.exists():
            rows = (line.split() for line in path.read_text(encoding="ascii").splitlines())
            entries.update(row[2] for row in rows if len(row) == 3 and len(row[2]) == 64)
    return entries


def beside(backup: Path) -> Path:
    """Where the ledger's copy of a backup lies."""
    return backup.with_name(f"{backup.name}.erasures")


def copy_beside(ledger: Path, backup: Path) -> None:
    """Put a copy of the ledger beside a backup that was just made."""
    if ledger.exists():
        shutil.copyfile(ledger, beside(backup))
        beside(backup).chmod(0o600)
