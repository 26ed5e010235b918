"""The append log on SQLite: one connection, one thread, one transaction a group."""

import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime

from havenlight.core.refusals import Refused
from havenlight.live.jobs import (
    PAGE_MESSAGES,
    Append,
    Done,
    Facts,
    Glance,
    Kept,
    Read,
    Seen,
    Sight,
    Stored,
    Write,
    Written,
)

# Kept only while a visitor may write, or the member whose conversation it is.
_INSERT = """
    INSERT INTO chat_message (conversation_id, seq, message_id, sender, n, said_at, envelope)
    SELECT id, last_seq + 1, ?, ?, ?, ?, ? FROM chat_conversation WHERE id = ?
    AND (state = 'active' AND (counsellor_id = ? OR id = ?) OR state = 'waiting' AND id = ?)
    ON CONFLICT DO NOTHING RETURNING seq
"""
_ADVANCE = "UPDATE chat_conversation SET last_seq = ? WHERE id = ?"
_SAME_ID = """
    SELECT seq, sender, n, envelope, CAST(strftime('%s', said_at) AS INTEGER) / 60
    FROM chat_message WHERE conversation_id = ? AND message_id = ?
"""
_SAME_TURN = "SELECT 1 FROM chat_message WHERE conversation_id = ? AND sender = ? AND n = ?"
_MAY_WRITE = "SELECT counsellor_id = ? OR id = ? FROM chat_conversation WHERE id = ?"
_MARK = {
    "v": """
        UPDATE chat_conversation SET visitor_read = ?1
        WHERE id = ?2 AND id = ?3 AND visitor_read < ?1 AND last_seq >= ?1
    """,
    "c": """
        UPDATE chat_conversation SET member_read = ?1
        WHERE id = ?2 AND counsellor_id = ?3 AND member_read < ?1 AND last_seq >= ?1
    """,
}
_PRESENT = "UPDATE chat_conversation SET visitor_seen_at = ?, visitor_away = ? WHERE id = ?"
_FACTS = """
    SELECT state, ended_by, alias, last_seq, visitor_read, member_read, visitor_away
    FROM chat_conversation LEFT JOIN team_member ON team_member.id = counsellor_id
    WHERE chat_conversation.id = ?
"""
_MESSAGES = f"""
    SELECT seq, message_id, sender, n, CAST(strftime('%s', said_at) AS INTEGER) / 60, envelope
    FROM chat_message WHERE conversation_id = ? AND seq > ? ORDER BY seq LIMIT {PAGE_MESSAGES}
"""  # noqa: S608 -- the limit is a number of ours


def _connect(path: str) -> sqlite3.Connection:
    # Transactions are begun by hand, so that a reader never holds one open.
    # Opened on one thread and used by one other, the lane's; never by two at once.
    database = sqlite3.connect(path, isolation_level=None, timeout=20, check_same_thread=False)
    database.execute("PRAGMA journal_mode = WAL")
    # FULL: an acknowledged message survives a power cut. Measured, it costs little once grouped.
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA secure_delete = ON")
    return database


class SqliteWriter:
    """Appends groups of messages; `now` gives seconds since 1970 and is not trusted for order."""

    def __init__(self, path: str, now: Callable[[], float] = time.time) -> None:
        self._database = _connect(path)
        self._now = now

    def write(self, group: list[Write]) -> list[Written]:
        """Write `group` as one transaction; nothing of it stays when that fails."""
        now = self._now()
        said_at = datetime.fromtimestamp(int(now), UTC).strftime("%Y-%m-%d %H:%M:%S")
        self._database.execute("BEGIN IMMEDIATE")
        try:
            written = [self._write_one(job, said_at, int(now) // 60) for job in group]
            self._database.execute("COMMIT")
        except BaseException:
            # A full disk may have rolled back by itself.
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise
        return written

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _write_one(self, job: Write, said_at: str, minute: int) -> Written:
        if isinstance(job, Append):
            return self._append(job, said_at, minute)
        if isinstance(job, Read):
            marked = self._database.execute(_MARK[job.who], (job.seq, job.conv, job.subject))
            return Done(marked.rowcount > 0)
        return self._note_presence(job, said_at)

    def _append(self, job: Append, said_at: str, minute: int) -> Kept | Refused:
        execute, subject = self._database.execute, job.subject
        values = (job.id, job.sender, job.n, said_at, job.env, job.conv, subject, subject, subject)
        row = execute(_INSERT, values).fetchone()
        if row is None:
            return self._why_not(job)
        execute(_ADVANCE, (row[0], job.conv))
        return Kept(row[0], minute, fresh=True)

    def _why_not(self, job: Append) -> Kept | Refused:
        execute = self._database.execute
        same = execute(_SAME_ID, (job.conv, job.id)).fetchone()
        if same is not None:
            seq, sender, n, env, at = same
            if (sender, n, env) == (job.sender, job.n, job.env):
                return Kept(seq, at, fresh=False)
            return Refused("id_reused")
        may = execute(_MAY_WRITE, (job.subject, job.subject, job.conv)).fetchone()
        if may is None or not may[0]:
            return Refused("unknown")
        taken = execute(_SAME_TURN, (job.conv, job.sender, job.n)).fetchone()
        return Refused("n_used" if taken else "ended")

    def _note_presence(self, job: Seen, seen_at: str) -> Done:
        self._database.executemany(_PRESENT, ((seen_at, job.away, conv) for conv in job.convs))
        return Done(changed=True)


class SqliteReader:
    """Reads what streams need; each statement is a snapshot of its own."""

    def __init__(self, path: str) -> None:
        self._database = _connect(path)

    def read(self, group: list[Glance]) -> list[Sight | Refused]:
        """One sight a glance; its facts are never newer than its messages."""
        return [self._glance(job) for job in group]

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _glance(self, job: Glance) -> Sight | Refused:
        row = self._database.execute(_FACTS, (job.conv,)).fetchone()
        if row is None:
            return Refused("unknown")
        state, by, alias, last_seq, visitor_read, member_read, away = row
        facts = Facts(state, by, alias, last_seq, visitor_read, member_read, bool(away))
        if job.after is None or facts.last_seq <= job.after:
            return Sight(facts, ())
        rows = self._database.execute(_MESSAGES, (job.conv, job.after))
        return Sight(facts, tuple(Stored(*stored) for stored in rows))
