"""What is erased is gone from the files of the database, and a restored backup forgets it too."""

from pathlib import Path

import psycopg
import pytest

from tests.integration.canary import files_below
from tests.integration.retention.conftest import Keep
from tests.servers.installation import Installation

PURGE = """
import logging, sys
logging.getLogger("havenlight").addHandler(logging.StreamHandler(sys.stdout))
from havenlight.chat.erasing import erase
from havenlight.retention import purge
erase(["{id}"])
purge.purge(["chat_wrap"])
purge.MOST_BYTES = 0
purge.purge(["chat_wrap"])
"""
"""Erases while somebody reads messages, and then as if there were too many of them."""


def files_with(installation: Installation, *secrets: bytes) -> list[str]:
    """The files of the database in which one of `secrets` stands."""
    if installation.postgres:
        place = installation.postgres.directory / "data"
    else:
        place = installation.directory
    return [name for name, content in files_below(place) if any(one in content for one in secrets)]


def test_an_erased_conversations_key_and_words_are_in_no_file_of_the_database(
    own: Installation, keep: Keep
) -> None:
    if own.postgres:
        # As docs/running.md says: old files of the log are removed instead of used again.
        own.postgres.execute("ALTER SYSTEM SET wal_recycle = off")
        own.postgres.execute("SELECT pg_reload_conf()")
    old, recent = keep(400, 1)
    if own.postgres:
        # Until then the rows stand in the log alone, where the head of a page may cut one in two.
        own.postgres.execute("CHECKPOINT")
    assert files_with(own, old.wrap)
    assert files_with(own, old.said)
    assert "transcript    kept    90 days  due: 1" in own.run("erase", "--preview")
    assert old.is_there()
    assert "transcript    kept    90 days  erased: 1" in own.run("erase")
    assert files_with(own, old.wrap, old.said) == []
    assert (old.is_there(), recent.is_there()) == (False, True)

    if own.postgres:
        with psycopg.connect(own.postgres.url(own.database_name)) as reader:
            reader.execute("SELECT count(*) FROM chat_message")
            told = own.run("shell", "-c", PURGE.format(id=recent.id))
        assert "chat_message was in use" in told
        assert "chat_message is large" in told
        assert not recent.is_there()
        assert files_with(own, recent.wrap) == []


def test_a_restored_backup_forgets_what_was_erased_since(
    own: Installation, keep: Keep, tmp_path: Path
) -> None:
    kept, erased = keep(1, 1)
    backup = tmp_path / "backup"
    own.run("backup", str(backup))
    assert backup.stat().st_mode & 0o077 == 0
    assert "erased: 1 of 1" in own.run("erase", "--conversation", erased.id)
    (late,) = keep(1)
    for server in own.servers:
        server.stop()
    assert "erased again: " in own.run("restore", str(backup))
    assert (kept.is_there(), erased.is_there(), late.is_there()) == (True, False, False)


@pytest.mark.parametrize("own", ["sqlite"], indirect=True)
def test_nothing_is_overwritten_or_restored_by_mistake(
    own: Installation, keep: Keep, tmp_path: Path
) -> None:
    (kept,) = keep(1)
    wrong = tmp_path / "wrong"
    wrong.write_bytes(b"not a database")
    with pytest.raises(RuntimeError, match="exists"):
        own.run("backup", str(wrong))
    with pytest.raises(RuntimeError, match="--ledger"):
        own.run("restore", str(wrong))
    with pytest.raises(RuntimeError, match="another process serves"):
        own.run("restore", str(wrong), "--without-ledger")
    own.servers[0].stop()
    with pytest.raises(RuntimeError, match="wrong cannot be used"):
        own.run("restore", str(wrong), "--without-ledger")
    assert kept.is_there()
