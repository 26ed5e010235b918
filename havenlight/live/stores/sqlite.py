"""The append log on SQLite: one connection, one thread, one transaction a group."""

import json
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

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
    passes,
)
from havenlight.live.lane import GROUP_MOST

# Kept only while the visitor may write, or the member whose conversation it is, and only when `n`
# is beyond what its sender has used. A member who comes new to a conversation has used what she
# wrote in it before. Begun with INSERT, not WITH: else sqlite3 does not tell how many there were.
_INSERT = """
    INSERT INTO chat_message (conversation_id, seq, message_id, sender, n, said_at, envelope)
    WITH given (conv, id, sender, subject, n, env) AS (VALUES {rows})
    SELECT conv, last_seq + 1, given.id, sender, n, ?, env
    FROM given JOIN chat_conversation AS c ON c.id = conv
    WHERE (state = 'active' AND (counsellor_id = subject OR conv = subject)
           OR state IN ('waiting', 'left') AND conv = subject)
      AND n > CASE sender
            WHEN 'v' THEN visitor_n WHEN member_sender THEN member_n ELSE coalesce(
            (SELECT max(m.n) FROM chat_message AS m
             WHERE m.conversation_id = conv AND m.sender = given.sender), 0) END
      AND NOT EXISTS (SELECT 1 FROM chat_message AS m
                      WHERE m.conversation_id = conv AND m.message_id = given.id)
"""
# A message that comes alone, as most do when it is quiet: one row is fetched as cheaply here as
# there, and no second statement asks for it.
_INSERT_ALONE = f"{_INSERT.format(rows='(?, ?, ?, ?, ?, ?)')} RETURNING seq"
# Beside each message, and not a statement after them: see SqliteWriter.write. A trigger of this
# connection alone, so that no migration of the tables can lose it.
_ADVANCE = """
    CREATE TEMP TRIGGER advance AFTER INSERT ON main.chat_message BEGIN
        UPDATE chat_conversation SET
            last_seq = new.seq,
            visitor_n = iif(new.sender = 'v', new.n, visitor_n),
            member_sender = iif(new.sender = 'v', member_sender, new.sender),
            member_n = iif(new.sender = 'v', member_n, new.n)
        WHERE id = new.conversation_id;
    END
"""
# One row for the whole group: with each row that is fetched the thread gives up the interpreter
# and has to win it back from the loop.
# Up to its last row: where a process takes over from another, that one may have written more.
_KEPT = """
    SELECT json_group_object(conversation_id, seq) FROM chat_message WHERE id > ? AND id <= ?
"""
_SAME_ID = """
    SELECT seq, sender, n, envelope, CAST(strftime('%s', said_at) AS INTEGER) / 60
    FROM chat_message WHERE conversation_id = ? AND message_id = ?
"""
_MAY_WRITE = """
    SELECT state = 'active' AND counsellor_id = ?1
           OR state IN ('active', 'waiting', 'left') AND id = ?1,
           counsellor_id = ?1 OR id = ?1
    FROM chat_conversation WHERE id = ?2
"""
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
_PRESENT = """
    UPDATE chat_conversation SET visitor_seen_at = ?, visitor_away = ?
    WHERE id IN (SELECT value FROM json_each(?))
"""
# One row for the whole group, as above.
_FACTS = """
    SELECT json_group_object(
        c.id,
        json_array(state, ended_by, answers.alias, last_seq, visitor_read, member_read,
                   json(iif(visitor_away, 'true', 'false')), reads.alias, reader_id)
    )
    FROM json_each(?) AS asked CROSS JOIN chat_conversation AS c ON c.id = asked.value
    LEFT JOIN team_member AS answers ON answers.id = counsellor_id
    LEFT JOIN team_member AS reads ON reads.id = reader_id
"""
_MESSAGES = f"""
    SELECT seq, message_id, sender, n, CAST(strftime('%s', said_at) AS INTEGER) / 60, envelope
    FROM chat_message WHERE conversation_id = ? AND seq > ? ORDER BY seq LIMIT {PAGE_MESSAGES}
"""  # noqa: S608 -- the limit is a number of ours


def _connect(path: str) -> sqlite3.Connection:
    # Transactions are begun by hand, so that a reader never holds one open.
    # Nobody but the helpline's own user reads it.
    for file in (Path(path), Path(f"{path}-wal"), Path(f"{path}-shm")):
        if file.exists():
            file.chmod(0o600)
    # Opened on one thread and used by one other, the lane's; never by two at once.
    database = sqlite3.connect(
        path,
        isolation_level=None,
        timeout=20,
        check_same_thread=False,
        # One statement for each size of group, and the others.
        cached_statements=GROUP_MOST + 50,
    )
    database.execute("PRAGMA journal_mode = WAL")
    # FULL: an acknowledged message survives a power cut. Measured, it costs little once grouped.
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA secure_delete = ON")
    # Otherwise each group would open a file of its own for what its statement may have to undo.
    database.execute("PRAGMA temp_store = MEMORY")
    return database


class SqliteWriter:
    """Appends groups of messages; `now` gives seconds since 1970, which order nothing."""

    def __init__(self, path: str, now: Callable[[], float] = time.time) -> None:
        self._database = _connect(path)
        self._database.execute(_ADVANCE)
        self._now = now
        self._minute = 0

    def write(self, group: list[Write]) -> list[Written]:
        """Write `group` as one transaction; nothing of it stays when that fails."""
        now = int(self._now())
        self._look_at_clock(now // 60)
        first = group[0]
        if len(group) == 1 and isinstance(first, Append):
            return [self._append_alone(first)]
        appends = [(place, job) for place, job in enumerate(group) if isinstance(job, Append)]
        once = list(passes(appends))
        if len(once) == 1 and len(appends) == len(group):
            # One statement is a transaction by itself. With each further one the thread would give
            # up the interpreter, and have to win it back from the loop, three times.
            return list(self._append(once[0]).values())
        self._database.execute("BEGIN IMMEDIATE")
        try:
            written: dict[int, Written] = {}
            for some in once:
                written |= self._append(some)
            seen_at = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S")
            for place, mark in enumerate(group):
                if not isinstance(mark, Append):
                    written[place] = self._mark(mark, seen_at)
            self._database.execute("COMMIT")
        except BaseException:
            # A full disk may have rolled back by itself.
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise
        return [written[place] for place in range(len(group))]

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _look_at_clock(self, minute: int) -> None:
        """To the minute: the order is that of `seq`, and nobody needs to know more of the time."""
        if minute != self._minute:
            self._minute = minute
            self._said_at = datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%d %H:%M:%S")

    def _append_alone(self, job: Append) -> Kept | Refused:
        kept = self._database.execute(_INSERT_ALONE, (*_row(job), self._said_at)).fetchone()
        return Kept(kept[0], self._minute, fresh=True) if kept else self._why_not(job)

    def _append(self, some: list[tuple[int, Append]]) -> dict[int, Written]:
        """What became of each, by its place and in that order; one statement keeps them all."""
        seqs = self._insert([job for _, job in some])
        return {
            place: Kept(seqs[job.conv], self._minute, fresh=True)
            if job.conv in seqs
            else self._why_not(job)
            for place, job in some
        }

    def _insert(self, jobs: list[Append]) -> dict[str, int]:
        """The `seq` of each message that was kept, by its conversation."""
        values = [value for job in jobs for value in _row(job)]
        rows = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(jobs))
        insert = self._database.execute(_INSERT.format(rows=rows), (*values, self._said_at))
        if not insert.rowcount:
            return {}
        # AUTOINCREMENT: what one statement inserts is numbered on, after all that ever was.
        before = (insert.lastrowid or 0) - insert.rowcount
        (kept,) = self._database.execute(_KEPT, (before, insert.lastrowid)).fetchone()
        seqs: dict[str, int] = json.loads(kept)
        return seqs

    def _why_not(self, job: Append) -> Kept | Refused:
        same = self._database.execute(_SAME_ID, (job.conv, job.id)).fetchone()
        if same is not None:
            seq, sender, n, env, at = same
            if (sender, n, env) == (job.sender, job.n, job.env):
                return Kept(seq, at, fresh=False)
            return Refused("id_reused")
        rights = self._database.execute(_MAY_WRITE, (job.subject, job.conv)).fetchone()
        if rights is None or not rights[1]:
            return Refused("unknown")
        return Refused("n_used" if rights[0] else "ended")

    def _mark(self, mark: Read | Seen, seen_at: str) -> Done:
        if isinstance(mark, Seen):
            self._database.execute(_PRESENT, (seen_at, mark.away, json.dumps(mark.convs)))
            return Done(changed=True)
        marked = self._database.execute(_MARK[mark.who], (mark.seq, mark.conv, mark.subject))
        return Done(marked.rowcount > 0)


def _row(job: Append) -> tuple[str, str, str, str, int, bytes]:
    return job.conv, job.id, job.sender, job.subject, job.n, job.env


class SqliteReader:
    """Reads what streams need; each statement is a snapshot of its own."""

    def __init__(self, path: str) -> None:
        self._database = _connect(path)

    def read(self, group: list[Glance]) -> list[Sight | Refused]:
        """One sight a glance; its facts are never newer than its messages."""
        asked = json.dumps([job.conv for job in group])
        (told,) = self._database.execute(_FACTS, (asked,)).fetchone()
        facts = {conv: Facts(*values) for conv, values in json.loads(told).items()}
        return [
            self._sight(job, facts[job.conv]) if job.conv in facts else Refused("unknown")
            for job in group
        ]

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _sight(self, job: Glance, facts: Facts) -> Sight:
        if job.after is None or facts.last_seq <= job.after:
            return Sight(facts, ())
        rows = self._database.execute(_MESSAGES, (job.conv, job.after))
        return Sight(facts, tuple(Stored(*stored) for stored in rows))
