"""The append log on PostgreSQL: one connection, and mostly one statement a group.

Several processes write to the same conversations. Each takes the conversations of its group in
order of their ids, so that no two wait for each other.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation
from psycopg.pq import DiagnosticField, ExecStatus
from psycopg.pq.abc import PGresult

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
# One statement, and so a transaction by itself. Of a row that another process has just changed it
# looks at the rights and the counters again, by the newest version; a message that the other kept
# meanwhile has moved them. What may be kept is said in the same words as on SQLite. Columns come
# as one text each: none of their values has a comma, and making PostgreSQL's arrays of them took
# as long as the whole rest.
_KEEP = b"""
    WITH advanced AS (
        UPDATE chat_conversation AS c SET
            last_seq = last_seq + 1,
            visitor_n = CASE given.sender WHEN 'v' THEN given.n ELSE visitor_n END,
            member_sender = CASE given.sender WHEN 'v' THEN member_sender ELSE given.sender END,
            member_n = CASE given.sender WHEN 'v' THEN member_n ELSE given.n END
        FROM unnest(
            string_to_array($1, ',')::uuid[], string_to_array($2, ',')::uuid[],
            string_to_array($3, ','), string_to_array($4, ',')::uuid[],
            string_to_array($5, ',')::int[], string_to_array($6, ',')::bytea[]
        ) WITH ORDINALITY AS given (conv, id, sender, subject, n, env, place)
        WHERE c.id = conv
          AND (state = 'active' AND (counsellor_id = subject OR conv = subject)
               OR state IN ('waiting', 'left') AND conv = subject)
          AND given.n > CASE given.sender
                WHEN 'v' THEN visitor_n WHEN member_sender THEN member_n ELSE coalesce(
                (SELECT max(m.n) FROM chat_message AS m
                 WHERE m.conversation_id = conv AND m.sender = given.sender), 0) END
          AND NOT EXISTS (SELECT FROM chat_message AS m
                          WHERE m.conversation_id = conv AND m.message_id = given.id)
        RETURNING conv, last_seq AS seq, given.id, given.sender, given.n, env, place
    ), added AS (
        INSERT INTO chat_message (conversation_id, seq, message_id, sender, n, said_at, envelope)
        SELECT conv, seq, id, sender, n, to_timestamp($7::bigint * 60), env FROM advanced
    )
    SELECT place, seq FROM advanced
"""
_KEEP_NAME = b"keep"
# Plans are made once, and of indexes alone: by its estimates PostgreSQL would plan each group anew,
# and read whole tables that were small when it last looked.
_SETTINGS = """
    SET plan_cache_mode = force_generic_plan;
    SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off
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


_Placed = tuple[int, Append]


class _Connection:
    """A connection that is opened anew after it broke.

    Args:
        statements: prepared as soon as it is open, by their names.
    """

    def __init__(
        self, conninfo: str, statements: Mapping[bytes, bytes] = MappingProxyType({})
    ) -> None:
        self._conninfo = conninfo
        self._statements = statements
        self._open: psycopg.Connection | None = None

    def get(self) -> psycopg.Connection:
        """An open connection, or psycopg.OperationalError."""
        if self._open is None or self._open.closed:
            self._open = self._prepared()
        return self._open

    def _prepared(self) -> psycopg.Connection:
        """A new connection with its statements, or none: one without would fail for ever."""
        connection = psycopg.connect(self._conninfo, connect_timeout=5, autocommit=True)
        try:
            connection.execute(_SETTINGS)
            for name, statement in self._statements.items():
                _checked(connection.pgconn.prepare(name, statement))
        except psycopg.Error:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Let go of the database, also when it does not answer any more."""
        if self._open is not None:
            with suppress(psycopg.Error):
                self._open.close()


class PostgresWriter:
    """Appends groups of messages; `now` gives seconds since 1970, which order nothing."""

    def __init__(self, conninfo: str, now: Callable[[], float] = time.time) -> None:
        self._connection = _Connection(conninfo, {_KEEP_NAME: _KEEP})
        self._now = now

    def write(self, group: list[Write]) -> list[Written]:
        """Write `group`; what is not kept at once is looked at in a transaction of its own.

        A connection that broke may have broken after the commit. What was kept then is found by
        its ids when the callers repeat themselves, so the group is not tried again here.
        """
        now = int(self._now())
        appends = [(place, job) for place, job in enumerate(group) if isinstance(job, Append)]
        written: dict[int, Written] = {}
        if len({job.conv for _, job in appends}) == len(group):
            written |= self._insistently(lambda database: _keep(database, appends, now // 60))
        left = [(place, job) for place, job in enumerate(group) if place not in written]
        if left:
            written |= self._insistently(lambda database: _write_with_care(database, left, now))
        return [written[place] for place in range(len(group))]

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _insistently(
        self, work: Callable[[psycopg.Connection], Mapping[int, Written]]
    ) -> Mapping[int, Written]:
        """Do it again when another process was in the way."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return work(self._connection.get())
            except _PASSING:
                if attempt == _ATTEMPTS:
                    raise
        raise AssertionError("the last attempt returns or raises")


def _write_with_care(
    connection: psycopg.Connection, jobs: Sequence[tuple[int, Write]], now: int
) -> dict[int, Written]:
    """What became of each, by its place: for whatever is not simply kept."""
    written: dict[int, Written] = {}
    with connection.transaction():
        for some in passes([(place, job) for place, job in jobs if isinstance(job, Append)]):
            # What is refused is refused for what the row says now, and until the commit.
            connection.execute(_LOCK, (",".join([job.conv for _, job in some]),), prepare=True)
            kept = _keep(connection, some, now // 60)
            for place, job in some:
                written[place] = kept.get(place) or _why_not(connection, job)
        for place, mark in jobs:
            if not isinstance(mark, Append):
                written[place] = _mark(connection, mark, now)
    return written


def _keep(connection: psycopg.Connection, jobs: Sequence[_Placed], minute: int) -> dict[int, Kept]:
    """Those that were kept, by their places.

    By libpq itself: what psycopg does around a statement costs as much as twelve messages.
    """
    ordered = sorted(jobs, key=lambda placed: placed[1].conv)
    columns = (
        ",".join([job.conv for _, job in ordered]),
        ",".join([job.id for _, job in ordered]),
        ",".join([job.sender for _, job in ordered]),
        ",".join([job.subject for _, job in ordered]),
        ",".join([str(job.n) for _, job in ordered]),
        ",".join([f"\\x{job.env.hex()}" for _, job in ordered]),
        str(minute),
    )
    values = [column.encode() for column in columns]
    rows = _checked(connection.pgconn.exec_prepared(_KEEP_NAME, values))
    kept = {}
    for row in range(rows.ntuples):
        place, seq = (int(rows.get_value(row, column) or b"") for column in range(2))
        kept[ordered[place - 1][0]] = Kept(seq, minute, fresh=True)
    return kept


def _checked(result: PGresult) -> PGresult:
    """`result`, unless it tells of an error: then that is raised as psycopg would.

    Only its first line: the details that PostgreSQL gives hold values of the row.
    """
    if result.status in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
        return result
    state = (result.error_field(DiagnosticField.SQLSTATE) or b"").decode()
    if not state:  # it comes from the connection, which broke
        raise psycopg.OperationalError(result.error_message.decode(errors="replace"))
    message = result.error_field(DiagnosticField.MESSAGE_PRIMARY) or b""
    raise psycopg.errors.lookup(state)(message.decode(errors="replace"))


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
