"""The append log on PostgreSQL: one connection, one pipeline and one commit a group.

Several processes write to the same conversations. Each locks the conversations of its group in
order of their ids, so that no two wait for each other, and only then looks at what is there.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

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
)

_LOCK = "SELECT FROM chat_conversation WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE"
# A statement of its own after the locks: it sees all that was committed before they were granted.
_INSERT = """
    WITH given AS (
        SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::int[], %s::bytea[])
            WITH ORDINALITY AS t (conv, id, sender, subject, n, env, place)
    ), kept AS (
        SELECT given.*, last_seq + row_number() OVER (PARTITION BY conv ORDER BY place) AS seq
        FROM given JOIN chat_conversation AS c ON c.id = conv
        WHERE (state = 'active' AND (counsellor_id = subject OR conv = subject)
               OR state = 'waiting' AND conv = subject)
          AND NOT EXISTS (
            SELECT FROM chat_message AS m WHERE m.conversation_id = conv
            AND (m.message_id = given.id OR m.sender = given.sender AND m.n = given.n))
    ), added AS (
        INSERT INTO chat_message (conversation_id, seq, message_id, sender, n, said_at, envelope)
        SELECT conv, seq, id, sender, n, to_timestamp(%s), env FROM kept
    ), advanced AS (
        UPDATE chat_conversation AS c SET last_seq = top.seq
        FROM (SELECT conv, max(seq) AS seq FROM kept GROUP BY conv) AS top WHERE c.id = top.conv
    )
    SELECT place, seq FROM kept
"""
_SAME_ID = """
    SELECT seq, sender, n, envelope, floor(extract(epoch FROM said_at) / 60)::bigint
    FROM chat_message WHERE conversation_id = %s AND message_id = %s
"""
_SAME_TURN = "SELECT 1 FROM chat_message WHERE conversation_id = %s AND sender = %s AND n = %s"
_MAY_WRITE = (
    "SELECT coalesce(counsellor_id = %s, false) OR id = %s FROM chat_conversation WHERE id = %s"
)
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
    SELECT replace(c.id::text, '-', ''), state, ended_by, alias, last_seq, visitor_read,
           member_read, visitor_away
    FROM chat_conversation AS c LEFT JOIN team_member ON team_member.id = counsellor_id
    WHERE c.id = ANY(%s::uuid[])
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
    """Appends groups of messages; `now` gives seconds since 1970 and is not trusted for order."""

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
            if appends:
                written.update(self._append(connection, appends, now))
            for place, job in enumerate(group):
                if not isinstance(job, Append):
                    written[place] = _mark(connection, job, now)
        return [written[place] for place in range(len(group))]

    def _append(
        self, connection: psycopg.Connection, appends: list[tuple[int, Append]], now: int
    ) -> dict[int, Written]:
        first, doubled = _without_doubles(appends)
        seqs = _insert(connection, [job for _, job in first], now)
        written: dict[int, Written] = {}
        for index, (place, job) in enumerate(first):
            kept = Kept(seqs[index], now // 60, fresh=True) if index in seqs else None
            written[place] = kept or _why_not(connection, job)
        for place, job in doubled:
            written[place] = _why_not(connection, job)
        return written


def _without_doubles(
    appends: list[tuple[int, Append]],
) -> tuple[list[tuple[int, Append]], list[tuple[int, Append]]]:
    """The jobs that can go into one statement, and those that claim an id or a turn once more."""
    claimed: set[tuple[str, ...]] = set()
    first: list[tuple[int, Append]] = []
    doubled: list[tuple[int, Append]] = []
    for place, job in appends:
        claims = {(job.conv, job.id), (job.conv, job.sender, str(job.n))}
        (doubled if claims & claimed else first).append((place, job))
        claimed |= claims
    return first, doubled


def _insert(connection: psycopg.Connection, jobs: list[Append], now: int) -> dict[int, int]:
    """The `seq` of each job that was kept, by its index."""
    columns: list[Any] = [
        [job.conv for job in jobs],
        [job.id for job in jobs],
        [job.sender for job in jobs],
        [job.subject for job in jobs],
        [job.n for job in jobs],
        [job.env for job in jobs],
    ]
    with connection.pipeline():
        connection.execute(_LOCK, (sorted(set(columns[0])),), prepare=True)
        rows = connection.execute(_INSERT, (*columns, now), prepare=True, binary=True)
    return {place - 1: seq for place, seq in rows}


def _why_not(connection: psycopg.Connection, job: Append) -> Kept | Refused:
    same = connection.execute(_SAME_ID, (job.conv, job.id)).fetchone()
    if same is not None:
        seq, sender, n, env, at = same
        if (sender, n, env) == (job.sender, job.n, job.env):
            return Kept(seq, at, fresh=False)
        return Refused("id_reused")
    may = connection.execute(_MAY_WRITE, (job.subject, job.subject, job.conv)).fetchone()
    if may is None or not may[0]:
        return Refused("unknown")
    taken = connection.execute(_SAME_TURN, (job.conv, job.sender, job.n)).fetchone()
    return Refused("n_used" if taken else "ended")


def _mark(connection: psycopg.Connection, job: Read | Seen, now: int) -> Done:
    if isinstance(job, Seen):
        connection.execute(_PRESENT, (now, job.away, sorted(job.convs)))
        return Done(changed=True)
    values = {"seq": job.seq, "conv": job.conv, "subject": job.subject}
    return Done(connection.execute(_MARK[job.who], values).rowcount > 0)


class PostgresReader:
    """Reads what streams need; each statement is a snapshot of its own."""

    def __init__(self, conninfo: str) -> None:
        self._connection = _Connection(conninfo)

    def read(self, group: list[Glance]) -> list[Sight | Refused]:
        """One sight a glance; its facts are never newer than its messages."""
        connection = self._connection.get()
        rows = connection.execute(_FACTS, ([job.conv for job in group],), prepare=True)
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
