"""The append log on PostgreSQL: one connection, one pipeline and one commit a group.

Several processes write to the same conversations. Each locks the conversations of its group in
order of their ids, so that no two wait for each other, and only then looks at what is there.
"""

import time
from collections.abc import Callable
from contextlib import suppress

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

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

_LOCK = """
    SELECT FROM chat_conversation WHERE id = ANY(string_to_array(%s, ',')::uuid[])
    ORDER BY id FOR UPDATE
"""
# A statement of its own after the locks: it sees all that was committed before they were granted.
# What may be kept is said in the same words as on SQLite. Columns come as one text each: none of
# their values has a comma, and making PostgreSQL's arrays of them took as long as the whole rest.
_INSERT = """
    WITH given AS (
        SELECT * FROM unnest(
            string_to_array(%s, ',')::uuid[], string_to_array(%s, ',')::uuid[],
            string_to_array(%s, ','), string_to_array(%s, ',')::uuid[],
            string_to_array(%s, ',')::int[], string_to_array(%s, ',')::bytea[]
        ) WITH ORDINALITY AS t (conv, id, sender, subject, n, env, place)
    ), kept AS (
        SELECT given.*, last_seq + 1 AS seq
        FROM given JOIN chat_conversation AS c ON c.id = conv
        WHERE (state = 'active' AND (counsellor_id = subject OR conv = subject)
               OR state IN ('waiting', 'left') AND conv = subject)
          AND n > CASE sender
                WHEN 'v' THEN visitor_n WHEN member_sender THEN member_n ELSE coalesce(
                (SELECT max(m.n) FROM chat_message AS m
                 WHERE m.conversation_id = conv AND m.sender = given.sender), 0) END
          AND NOT EXISTS (SELECT FROM chat_message AS m
                          WHERE m.conversation_id = conv AND m.message_id = given.id)
    ), added AS (
        INSERT INTO chat_message (conversation_id, seq, message_id, sender, n, said_at, envelope)
        SELECT conv, seq, id, sender, n, to_timestamp(%s * 60), env FROM kept
    ), advanced AS (
        UPDATE chat_conversation AS c SET
            last_seq = kept.seq,
            visitor_n = CASE kept.sender WHEN 'v' THEN kept.n ELSE c.visitor_n END,
            member_sender = CASE kept.sender WHEN 'v' THEN c.member_sender ELSE kept.sender END,
            member_n = CASE kept.sender WHEN 'v' THEN c.member_n ELSE kept.n END
        FROM kept WHERE c.id = kept.conv
    )
    SELECT place, seq FROM kept
"""
_SAME_ID = """
    SELECT seq, sender, n, envelope, floor(extract(epoch FROM said_at) / 60)::bigint
    FROM chat_message WHERE conversation_id = %s AND message_id = %s
"""
_MAY_WRITE = """
    SELECT state = 'active' AND counsellor_id = %(subject)s
           OR state IN ('active', 'waiting', 'left') AND id = %(subject)s,
           counsellor_id = %(subject)s OR id = %(subject)s
    FROM chat_conversation WHERE id = %(conv)s
"""
_MARK = {
    "v": """
        UPDATE chat_conversation SET visitor_read = %(seq)s
        WHERE id = %(conv)s AND id = %(subject)s AND visitor_read < %(seq)s AND last_seq >= %(seq)s
    """,
    "c": """
        UPDATE chat_conversation SET member_read = %(seq)s
        WHERE id = %(conv)s AND counsellor_id = %(subject)s
          AND member_read < %(seq)s AND last_seq >= %(seq)s
    """,
}
_PRESENT = """
    UPDATE chat_conversation SET visitor_seen_at = to_timestamp(%s), visitor_away = %s
    WHERE id = ANY(%s::uuid[])
"""
_FACTS = """
    SELECT replace(c.id::text, '-', ''), state, ended_by, answers.alias, last_seq, visitor_read,
           member_read, visitor_away, reads.alias, replace(reader_id::text, '-', '')
    FROM chat_conversation AS c
    LEFT JOIN team_member AS answers ON answers.id = counsellor_id
    LEFT JOIN team_member AS reads ON reads.id = reader_id
    WHERE c.id = ANY(string_to_array(%s, ',')::uuid[])
"""
_MESSAGES = f"""
    SELECT seq, replace(message_id::text, '-', ''), sender, n,
           floor(extract(epoch FROM said_at) / 60)::bigint, envelope
    FROM chat_message WHERE conversation_id = %s AND seq > %s ORDER BY seq LIMIT {PAGE_MESSAGES}
"""  # noqa: S608 -- the limit is a number of ours

_PASSING = (DeadlockDetected, SerializationFailure, UniqueViolation)
_ATTEMPTS = 5


class _Connection:
    """A connection that is opened anew after it broke."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._open: psycopg.Connection | None = None

    def get(self) -> psycopg.Connection:
        """An open connection, or psycopg.OperationalError."""
        if self._open is None or self._open.closed:
            self._open = psycopg.connect(self._conninfo, connect_timeout=5, autocommit=True)
        return self._open

    def close(self) -> None:
        """Let go of the database, also when it does not answer any more."""
        if self._open is not None:
            with suppress(psycopg.Error):
                self._open.close()


class PostgresWriter:
    """Appends groups of messages; `now` gives seconds since 1970, which order nothing."""

    def __init__(self, conninfo: str, now: Callable[[], float] = time.time) -> None:
        self._connection = _Connection(conninfo)
        self._now = now

    def write(self, group: list[Write]) -> list[Written]:
        """Write `group` as one transaction, again when another process was in the way.

        A connection that broke may have broken after the commit. What was kept then is found by
        its ids when the callers repeat themselves, so the group is not tried again here.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._write_group(group)
            except _PASSING:
                if attempt == _ATTEMPTS:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _write_group(self, group: list[Write]) -> list[Written]:
        now = int(self._now())
        written: dict[int, Written] = {}
        connection = self._connection.get()
        with connection.transaction():
            appends = [(place, job) for place, job in enumerate(group) if isinstance(job, Append)]
            for some in passes(appends):
                seqs = _insert(connection, [job for _, job in some], now // 60)
                for index, (place, job) in enumerate(some):
                    written[place] = (
                        Kept(seqs[index], now // 60, fresh=True)
                        if index in seqs
                        else _why_not(connection, job)
                    )
            for place, mark in enumerate(group):
                if not isinstance(mark, Append):
                    written[place] = _mark(connection, mark, now)
        return [written[place] for place in range(len(group))]


def _insert(connection: psycopg.Connection, jobs: list[Append], minute: int) -> dict[int, int]:
    """The `seq` of each job that was kept, by its index."""
    columns = (
        ",".join([job.conv for job in jobs]),
        ",".join([job.id for job in jobs]),
        ",".join([job.sender for job in jobs]),
        ",".join([job.subject for job in jobs]),
        ",".join([str(job.n) for job in jobs]),
        ",".join([f"\\x{job.env.hex()}" for job in jobs]),
    )
    with connection.pipeline():
        connection.execute(_LOCK, (columns[0],), prepare=True)
        rows = connection.execute(_INSERT, (*columns, minute), prepare=True, binary=True)
    return {place - 1: seq for place, seq in rows}


def _why_not(connection: psycopg.Connection, job: Append) -> Kept | Refused:
    same = connection.execute(_SAME_ID, (job.conv, job.id)).fetchone()
    if same is not None:
        seq, sender, n, env, at = same
        if (sender, n, env) == (job.sender, job.n, job.env):
            return Kept(seq, at, fresh=False)
        return Refused("id_reused")
    rights = connection.execute(_MAY_WRITE, {"subject": job.subject, "conv": job.conv}).fetchone()
    if rights is None or not rights[1]:
        return Refused("unknown")
    return Refused("n_used" if rights[0] else "ended")


def _mark(connection: psycopg.Connection, mark: Read | Seen, now: int) -> Done:
    if isinstance(mark, Seen):
        connection.execute(_PRESENT, (now, mark.away, sorted(mark.convs)))
        return Done(changed=True)
    values = {"seq": mark.seq, "conv": mark.conv, "subject": mark.subject}
    return Done(connection.execute(_MARK[mark.who], values).rowcount > 0)


class PostgresReader:
    """Reads what streams need; each statement is a snapshot of its own."""

    def __init__(self, conninfo: str) -> None:
        self._connection = _Connection(conninfo)

    def read(self, group: list[Glance]) -> list[Sight | Refused]:
        """One sight a glance; its facts are never newer than its messages."""
        connection = self._connection.get()
        rows = connection.execute(_FACTS, (",".join([job.conv for job in group]),), prepare=True)
        facts = {conv: Facts(*values) for conv, *values in rows}
        return [
            _sight(connection, job, facts[job.conv]) if job.conv in facts else Refused("unknown")
            for job in group
        ]

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()


def _sight(connection: psycopg.Connection, job: Glance, facts: Facts) -> Sight:
    if job.after is None or facts.last_seq <= job.after:
        return Sight(facts, ())
    rows = connection.execute(_MESSAGES, (job.conv, job.after), prepare=True)
    return Sight(facts, tuple(Stored(*row) for row in rows))
