"""The ledger tells a restored backup what to forget, and nobody else anything."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from havenlight.retention import ledger
from havenlight.retention.clocks import Clock

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


def test_what_was_noted_is_found_and_no_id_stands_in_it(tmp_path: Path) -> None:
    path, erased, other = tmp_path / "ledger", uuid4(), uuid4()
    ledger.append(path, Clock.TRANSCRIPT, [erased], NOW)
    ledger.append(path, Clock.TRANSCRIPT, [], NOW)
    entries = ledger.read(path, tmp_path / "absent")
    assert ledger.entry(Clock.TRANSCRIPT, erased) in entries
    assert ledger.entry(Clock.NOTES, erased) not in entries
    assert ledger.entry(Clock.TRANSCRIPT, other) not in entries
    assert erased.hex not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


def test_a_line_that_a_crash_cut_off_is_passed_over(tmp_path: Path) -> None:
    path, erased = tmp_path / "ledger", uuid4()
    ledger.append(path, Clock.NOTES, [erased, uuid4()], NOW)
    path.write_text(path.read_text()[:-20])
    assert ledger.read(path) == {ledger.entry(Clock.NOTES, erased)}


def test_a_copy_lies_beside_the_backup(tmp_path: Path) -> None:
    path, backup = tmp_path / "ledger", tmp_path / "backup.sqlite3"
    ledger.copy_beside(path, backup)
    assert not ledger.beside(backup).exists()
    ledger.append(path, Clock.NOTES, [uuid4()], NOW)
    ledger.copy_beside(path, backup)
    assert ledger.read(ledger.beside(backup)) == ledger.read(path)
