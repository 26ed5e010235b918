"""The append log gives the same answers on both stores, and keeps what it said it kept."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from pytest_django.plugin import DjangoDbBlocker

from havenlight.chat.states import By, State
from havenlight.core.ids import new_id
from havenlight.core.refusals import Refused
from havenlight.live.jobs import Append, Done, Glance, Kept, Read, Write, Written
from tests.integration.live.log import ANNA, Log, log_of, read_up_to, said
from tests.servers.installation import Installation

STRANGER = "5" * 32
SAFELY = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
KEY, OTHER_KEY = "c:" + "1" * 16, "c:" + "2" * 16


@pytest.fixture(params=["sqlite", "postgres"])
def log(
    request: pytest.FixtureRequest,
    roomy_installations: Callable[[str], Installation],
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Log]:
    with django_db_blocker.unblock(), log_of(roomy_installations(request.param)) as log:
        yield log


@pytest.fixture
def logs(
    roomy_installations: Callable[[str], Installation], django_db_blocker: DjangoDbBlocker
) -> Iterator[list[Log]]:
    """Both, for the same work side by side."""
    with (
        django_db_blocker.unblock(),
        log_of(roomy_installations("sqlite")) as sqlite,
        log_of(roomy_installations("postgres")) as postgres,
    ):
        yield [sqlite, postgres]


def outcome(written: Written) -> object:
    """An answer in a form that can be compared."""
    return written.code if isinstance(written, Refused) else written


def seqs(written: list[Written]) -> list[object]:
    return [one.seq if isinstance(one, Kept) else outcome(one) for one in written]


def _body(job: Append) -> tuple[str, int, bytes]:
    """What makes a second message with an id the same one: whose it is, the token settles."""
    return job.sender, job.n, job.env


@dataclass
class Expected:
    """What one conversation should hold, and who may write in it."""

    conv: str
    state: State
    kept: list[tuple[Append, int]] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=lambda: {"v": 0, "c": 0})

    def of_id(self, id_: str) -> tuple[Append, int, int] | None:
        """The message with that id, with its `seq` and minute."""
        for seq, (job, minute) in enumerate(self.kept, start=1):
            if job.id == id_:
                return job, seq, minute
        return None

    def last_n(self, sender: str) -> int:
        """The last counter of that sender."""
        return max((job.n for job, _ in self.kept if job.sender == sender), default=0)

    def append(self, job: Append, minute: int) -> object:
        """What the log should answer; a message that it should keep is kept here too."""
        if found := self.of_id(job.id):
            first, seq, at = found
            return Kept(seq, at, fresh=False) if _body(first) == _body(job) else "id_reused"
        is_hers = job.subject == self.conv or (job.subject == ANNA and self._had_anna)
        if not is_hers:
            return "unknown"
        if self.state is not State.ACTIVE and (self.state, job.subject) != (
            State.WAITING,
            self.conv,
        ):
            return "ended"
        if job.n <= self.last_n(job.sender):
            return "n_used"
        self.kept.append((job, minute))
        return Kept(len(self.kept), minute, fresh=True)

    def mark(self, read: Read) -> Done:
        """What the log should answer to a read mark."""
        who = self.conv if read.who == "v" else (ANNA if self._had_anna else "")
        changed = read.subject == who and self.read[read.who] < read.seq <= len(self.kept)
        if changed:
            self.read[read.who] = read.seq
        return Done(changed)

    @property
    def _had_anna(self) -> bool:
        return self.state in {State.ACTIVE, State.ENDED}


class LogMachine(RuleBasedStateMachine):
    """Groups of writes, with repeats, reuse, strangers, ends and a clock that jumps, on both logs.

    The expected conversation is written down in the order of the group. A group may be kept in
    another order, as long as each sender's messages keep theirs; that is compared by `seq` after.
    """

    conversations = Bundle("conversations")

    def __init__(self, logs: list[Log]) -> None:
        super().__init__()
        self.logs = logs
        self.expected: dict[str, Expected] = {}

    @rule(target=conversations, state=st.sampled_from([State.WAITING, State.ACTIVE]))
    def begin(self, state: State) -> str:
        """A conversation, in the queue or accepted already."""
        conv = new_id()
        for log in self.logs:
            log.conversation(state, conv)
        self.expected[conv] = Expected(conv, state)
        return conv

    @rule(conv=conversations)
    def accept_or_end(self, conv: str) -> None:
        """Anna accepts what waits, and ends what she accepted."""
        expected = self.expected[conv]
        moment = datetime.now(UTC)
        if expected.state is State.WAITING:
            expected.state = State.ACTIVE
            self._change(conv, state=State.ACTIVE, counsellor_id=ANNA, accepted_at=moment)
        elif expected.state is State.ACTIVE:
            expected.state = State.ENDED
            self._change(conv, state=State.ENDED, ended_at=moment, ended_by=By.MEMBER)

    @rule(seconds=st.integers(-100_000, 100_000))
    def set_clock(self, seconds: int) -> None:
        """The clock is set forward, or back."""
        for log in self.logs:
            log.now += seconds

    @rule(data=st.data(), places=st.lists(conversations, min_size=1, max_size=8))
    def write(self, data: st.DataObject, places: list[str]) -> None:
        """A group, in which the same conversation, sender and id stand more than once."""
        group = [data.draw(self._job(self.expected[conv])) for conv in places]
        answers = [[outcome(one) for one in log.write(*group)] for log in self.logs]
        assert answers[0] == answers[1]
        self._check(group, answers[0])

    def _job(self, expected: Expected) -> st.SearchStrategy[Write]:
        conv = expected.conv
        ids = st.sampled_from([f"{number:032x}" for number in range(6)])
        marks = st.builds(
            Read,
            st.just(conv),
            st.sampled_from(["v", "c"]),
            st.sampled_from([conv, ANNA, STRANGER]),
            st.integers(1, 8),
        )
        messages = st.builds(
            Append,
            conv=st.just(conv),
            id=ids,
            sender=st.sampled_from(["v", KEY, OTHER_KEY]),
            subject=st.sampled_from([conv, conv, ANNA, ANNA, STRANGER]),
            n=st.integers(1, 8),
            env=st.sampled_from([b"\x01one", b"\x01two"]),
            text=st.just(""),
        )
        if not expected.kept:
            return st.one_of(messages, marks)
        again = st.sampled_from([job for job, _ in expected.kept])
        return st.one_of(messages, messages, again, marks)

    def _check(self, group: list[Write], answers: list[object]) -> None:
        minute = int(self.logs[0].now) // 60
        before = {conv: len(one.kept) for conv, one in self.expected.items()}
        appends = [place for place, job in enumerate(group) if isinstance(job, Append)]
        fresh: dict[str, list[int]] = {}
        should: dict[int, object] = {}
        for place in appends:
            job = group[place]
            assert isinstance(job, Append)
            should[place] = self.expected[job.conv].append(job, minute)
        for place in appends:
            answer, job = answers[place], group[place]
            if isinstance(answer, Kept) and answer.fresh:
                fresh.setdefault(job.conv, []).append(place)
        for conv, places in fresh.items():
            self._reorder(conv, before[conv], places, group, answers)
        for place in appends:
            self._compare(group[place], answers[place], should[place], minute)
        for place, job in enumerate(group):
            if isinstance(job, Read):
                assert answers[place] == self.expected[job.conv].mark(job)

    def _reorder(
        self, conv: str, start: int, places: list[int], group: list[Write], answers: list[Any]
    ) -> None:
        """Take over the order in which the log kept new messages, which must leave no gap."""
        by_seq = sorted(places, key=lambda place: answers[place].seq)
        assert [answers[place].seq for place in by_seq] == [
            start + number for number in range(1, len(by_seq) + 1)
        ]
        kept = self.expected[conv].kept
        minute = kept[-1][1]
        kept[start:] = [(group[place], minute) for place in by_seq]

    def _compare(self, job: Write, answer: object, should: object, minute: int) -> None:
        if not isinstance(should, Kept):
            assert answer == should
            return
        assert isinstance(job, Append)
        assert isinstance(answer, Kept)
        found = self.expected[job.conv].of_id(job.id)
        assert found
        assert (_body(found[0]), *found[1:]) == (_body(job), answer.seq, answer.at)
        assert answer.fresh is should.fresh
        assert not answer.fresh or answer.at == minute

    def _change(self, conv: str, **values: object) -> None:
        for log in self.logs:
            log.change(conv, **values)

    @invariant()
    def what_was_answered_is_there(self) -> None:
        """From 1 without gaps or doubles, in the bytes that were answered."""
        for conv, expected in self.expected.items():
            should = [
                (seq, job.id, job.sender, job.n, minute, job.env)
                for seq, (job, minute) in enumerate(expected.kept, start=1)
            ]
            for log in self.logs:
                assert [tuple(one) for one in log.messages(conv)] == should
                facts = log.facts(conv)
                assert facts.last_seq == len(expected.kept)
                assert (facts.visitor_read, facts.member_read) == (
                    expected.read["v"],
                    expected.read["c"],
                )


def run_machine(logs: list[Log], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        lambda: LogMachine(logs),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_both_logs_keep_what_they_answer_and_answer_alike(logs: list[Log]) -> None:
    run_machine(logs, examples=25, steps=15)


@pytest.mark.long
def test_both_logs_answer_alike_for_many_more_groups(logs: list[Log]) -> None:
    run_machine(logs, examples=1_000, steps=40)


def test_a_group_larger_than_any_that_forms_is_kept_whole(log: Log) -> None:
    convs = [log.conversation() for _ in range(20)]
    group = [said(conv, n) for n in range(1, 101) for conv in convs]
    kept = log.write(*group)
    assert all(isinstance(one, Kept) and one.fresh for one in kept)
    for conv in convs:
        assert [one.seq for one in log.messages(conv)] == list(range(1, 101))
        assert [one.n for one in log.messages(conv)] == list(range(1, 101))


def test_two_keys_of_a_member_in_one_group_keep_counters_of_their_own(log: Log) -> None:
    conv = log.conversation()
    log.write(said(conv, 5, sender=KEY), said(conv, 1, sender=OTHER_KEY))
    kept = log.write(said(conv, 2, sender=OTHER_KEY), said(conv, 5, sender=KEY))
    assert seqs(kept) == [3, "n_used"]


def test_a_member_who_comes_back_has_used_what_she_wrote_before(log: Log) -> None:
    conv = log.conversation()
    log.write(said(conv, 4, sender=KEY))
    log.write(said(conv, 1, sender=OTHER_KEY))
    assert seqs(log.write(said(conv, 4, sender=KEY))) == ["n_used"]
    assert seqs(log.write(said(conv, 5, sender=KEY))) == [3]


def test_one_refused_message_does_not_fail_its_group(log: Log) -> None:
    here, ended, nowhere = log.conversation(), log.conversation(State.WAITING), new_id()
    log.change(ended, state=State.ABANDONED, ended_at=datetime.now(UTC), ended_by=By.VISITOR)
    group = [said(here, 1), said(ended, 1), said(nowhere, 1), said(here, 1), said(here, 2)]
    assert seqs(log.write(*group)) == [1, "ended", "unknown", "n_used", 2]


def test_a_clock_set_back_by_a_year_changes_no_order(log: Log) -> None:
    conv = log.conversation()
    log.write(said(conv, 1))
    log.now -= 365 * 86_400
    (second,) = log.write(said(conv, 2))
    log.now += 2 * 365 * 86_400
    log.write(said(conv, 3))
    kept = log.messages(conv)
    assert [(one.seq, one.n) for one in kept] == [(1, 1), (2, 2), (3, 3)]
    assert isinstance(second, Kept)
    assert kept[1].at == second.at < kept[0].at < kept[2].at


def test_what_sqlite_acknowledges_survives_a_power_cut(logs: list[Log]) -> None:
    """No test can cut the power; but this is what SQLite promises it for."""
    database = logs[0].writer._database
    told = [database.execute(f"PRAGMA {name}").fetchone()[0] for name in SAFELY]
    assert told == list(SAFELY.values())


def test_a_repeat_is_told_the_minute_of_the_first(log: Log) -> None:
    job = said(log.conversation(), 1)
    (first,) = log.write(job)
    log.now += 600
    (again,) = log.write(job)
    assert isinstance(first, Kept)
    assert again == Kept(first.seq, first.at, fresh=False)


def test_two_writers_at_once_leave_no_gap_and_no_double(log: Log) -> None:
    """As two processes on PostgreSQL do; on SQLite as a process and one that takes over from it."""
    convs = [log.conversation() for _ in range(4)]
    answers: list[list[Written]] = [[], []]

    def write(number: int) -> None:
        writer = log.new_writer()
        sender = ("v", KEY)[number]
        for n in range(1, 31):
            # Opposite orders, which would wait for each other without the sorted locks.
            order = convs if number else convs[::-1]
            answers[number] += writer.write([said(conv, n, sender=sender) for conv in order])
        writer.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(one, Kept) for one in answers[0] + answers[1])
    assert len(answers[0] + answers[1]) == 2 * 4 * 30
    for conv in convs:
        assert [one.seq for one in log.messages(conv)] == list(range(1, 61))


def test_two_writers_with_the_same_message_keep_it_once(log: Log) -> None:
    conv = log.conversation()
    other = log.new_writer()
    jobs = [said(conv, n) for n in range(1, 41)]
    answers: dict[str, list[Written]] = {}

    def write(name: str, writer: Any) -> None:
        answers[name] = [one for job in jobs for one in writer.write([job])]

    thread = threading.Thread(target=write, args=("other", other))
    thread.start()
    write("own", log.writer)
    thread.join()
    other.close()
    places = [
        [one.seq if isinstance(one, Kept) else None for one in answers[name]]
        for name in ("own", "other")
    ]
    assert places[0] == places[1] == list(range(1, 41))
    fresh = [one.fresh for name in answers for one in answers[name] if isinstance(one, Kept)]
    assert sum(fresh) == 40


def test_who_was_ended_while_her_message_waited_is_told_so(log: Log) -> None:
    """What may be kept is decided by what stands when its turn comes, not when it was asked."""
    conv = log.conversation()
    answers: list[Written] = []
    writer = log.new_writer()
    thread = threading.Thread(target=lambda: answers.extend(writer.write([said(conv)])))
    with log.changing():
        log.change(conv, state=State.ENDED, ended_at=datetime.now(UTC), ended_by=By.MEMBER)
        thread.start()
        thread.join(0.3)
    thread.join()
    writer.close()
    assert [outcome(one) for one in answers] == ["ended"]
    assert log.messages(conv) == []


def test_what_fails_at_its_commit_is_not_answered_as_kept(logs: list[Log]) -> None:
    """PostgreSQL has by then told the rows that it would keep."""
    _, log = logs
    conv = log.conversation()
    log.execute("""
        CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'as if the disk were full'; END $$;
        CREATE CONSTRAINT TRIGGER fails AFTER INSERT ON chat_message DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION fails()
    """)
    try:
        with pytest.raises(psycopg.errors.RaiseException):
            log.write(said(conv))
    finally:
        log.execute("DROP FUNCTION fails CASCADE")
    assert log.messages(conv) == []
    assert seqs(log.write(said(conv))) == [1]


def test_a_writer_that_could_not_begin_begins_when_it_can(logs: list[Log]) -> None:
    """PostgreSQL answers while its statement cannot be prepared, as while it is being migrated."""
    _, log = logs
    conv = log.conversation()
    writer = log.new_writer()
    log.execute("ALTER TABLE chat_message RENAME TO elsewhere")
    try:
        with pytest.raises(psycopg.errors.UndefinedTable):
            writer.write([said(conv)])
    finally:
        log.execute("ALTER TABLE elsewhere RENAME TO chat_message")
    assert seqs(writer.write([said(conv)])) == [1]
    writer.close()


def test_a_glance_at_what_does_not_exist_is_refused_alone(log: Log) -> None:
    conv = log.conversation()
    log.write(said(conv, 1))
    there, nowhere = log.reader.read([Glance(conv, 0), Glance(new_id(), 0)])
    assert not isinstance(there, Refused)
    assert len(there.messages) == 1
    assert isinstance(nowhere, Refused)


def test_read_marks_are_those_of_their_own_side(log: Log) -> None:
    conv = log.conversation()
    log.write(said(conv, 1), said(conv, 2))
    marks = [
        read_up_to(conv, 2, who="v", subject=ANNA),
        read_up_to(conv, 2, who="c", subject=conv),
        read_up_to(conv, 3),
        read_up_to(conv, 1),
        read_up_to(conv, 2, who="c"),
        read_up_to(conv, 1, who="c"),
    ]
    assert log.write(*marks) == [
        Done(changed) for changed in (False, False, False, True, True, False)
    ]
    assert (log.facts(conv).visitor_read, log.facts(conv).member_read) == (1, 2)
