"""Erasing: what is due, what somebody asked for, and what a restored backup must forget."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.audit import erasing as audit_lines
from havenlight.chat import actions as chat_actions
from havenlight.chat import agreeing
from havenlight.chat import erasing as chat
from havenlight.chat.returning import thread_of
from havenlight.retention import epochs, ledger
from havenlight.retention.clocks import Clock, days, limits
from havenlight.retention.holdings import HOLDINGS, Holding
from havenlight.retention.purge import purge
from havenlight.team import queries as team
from havenlight.team.epochs import key_tables


@dataclass(frozen=True, slots=True)
class Due:
    """How many things of one clock go, and after how many days they do."""

    clock: Clock
    days: int
    count: int


def preview(now: datetime) -> list[Due]:
    """What `erase_due` would erase now."""
    found = [
        Due(one.clock, days()[one.clock], len(one.due(limits(now)[one.clock]))) for one in HOLDINGS
    ]
    lines = audit_lines.count_before(limits(now)[Clock.AUDIT])
    return [*found, Due(Clock.AUDIT, days()[Clock.AUDIT], lines)]


def erase_due(now: datetime) -> list[Due]:
    """Erase all whose time has passed, bytes included, and tell how much that was."""
    done = []
    for holding in HOLDINGS:
        due = holding.due(limits(now)[holding.clock])
        _erase(holding, due, now, "by time")
        done.append(Due(holding.clock, days()[holding.clock], len(due)))
    agreeing.forget_passed(now)
    forgotten = audit_lines.forget_before(limits(now)[Clock.AUDIT])
    epochs.drop_unused()
    purge([*(table for holding in HOLDINGS for table in holding.tables()), *key_tables()])
    return [*done, Due(Clock.AUDIT, days()[Clock.AUDIT], forgotten)]


def erase_conversations(conversation_ids: Iterable[UUID], reason: str) -> int:
    """Erase these conversations now, bytes included; those that are still open are left alone."""
    transcripts = HOLDINGS[0]
    wanted = set(conversation_ids)
    closed = [one for one in transcripts.everything() if one in wanted]
    _erase(transcripts, closed, timezone.now(), reason)
    purge(transcripts.tables())
    return len(closed)


def erase_by_code(lookup: bytes) -> int:
    """Erase what a visitor's code opens, because she asks for it; NotAllowed for a wrong code."""
    thread = thread_of(lookup)
    chat_actions.withdraw_letters(thread)
    return erase_conversations(chat.closed_conversations_of(thread), "by her code")


def forget_again() -> int:
    """Erase once more what the ledger says was erased: for a backup that was just restored."""
    entries = ledger.read(settings.ERASURE_LEDGER)
    count = 0
    for holding in HOLDINGS:
        again = [one for one in holding.everything() if ledger.entry(holding.clock, one) in entries]
        _erase(holding, again, timezone.now(), "once more, after a restore")
        count += len(again)
    purge(table for holding in HOLDINGS for table in holding.tables())
    return count


def _erase(holding: Holding, due: list[UUID], now: datetime, reason: str) -> None:
    """Into the ledger first: a line too many is harmless, one too few would bring it back."""
    if not due:
        return
    ledger.append(settings.ERASURE_LEDGER, holding.clock, due, now)
    with transaction.atomic():
        holding.erase(due)
        audit.record(None, "erased", team.organisation(), f"{holding.clock}: {len(due)}, {reason}")
