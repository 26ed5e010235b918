"""What others may read of chat, as typed rows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, cast, overload
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone

from havenlight.chat import capacity
from havenlight.chat.models import Block, Conversation, Message, Wrap
from havenlight.chat.states import State
from havenlight.chat.waiting import wait_range
from havenlight.core.seal.envelope import Place
from havenlight.team import helpline
from havenlight.team.models import Member

PACE_WINDOW = timedelta(hours=2)
ENDED_AT_DESK_MOST = 20
"""Of what ended and was not finished the desk holds the newest, so that a token stays short."""
QUEUE_SHOWN_MOST = 100
"""Nobody reads further down, and each member is shown the queue anew at every change of it."""


class StateRow(NamedTuple):
    """The state of a conversation as both sides see it."""

    state: str
    by: str | None
    alias: str | None
    reader: str | None
    """Alias of the coordinator who reads along."""
    reader_id: str | None
    """Told to nobody: by it her own streams are known."""


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation as the desk sees it; the members are those of protocol section 4."""

    conv: str
    thread: str
    state: str
    epoch: int
    lang: str
    returning: bool
    wish: dict[str, str] | None
    """Whom she would like: `member` and `alias`."""
    for_whom: str | None
    in_danger: bool | None
    under_18: bool | None
    waiting_since: int
    accepted_at: int | None
    away: bool
    ended_at: int | None
    by: str | None
    weight: int
    server_sealed: bool
    practice: bool
    risk: list[str] | None
    """What was done of `codes.RiskStep`; None while no risk is flagged."""
    insincere: str
    letter: bool
    """It was left to find an answer later; `waiting_since` is when."""
    has_code: bool
    """Whether she can find an answer: she took six words."""
    agreed_at: int | None
    """When she and a member agreed to talk again."""

    def as_json(self) -> dict[str, object]:
        """The row as the protocol writes it."""
        return asdict(self)


def state_of(conversation_id: UUID) -> StateRow:
    """The state of a conversation that exists."""
    found = Conversation.objects.select_related("counsellor", "reader").get(pk=conversation_id)
    return StateRow(
        found.state,
        found.ended_by,
        found.counsellor.alias if found.counsellor else None,
        found.reader.alias if found.reader else None,
        found.reader.pk.hex if found.reader else None,
    )


def waiting_conversations() -> list[ConversationRow]:
    """The head of the queue, in the order in which it should be answered.

    Who is in danger goes first, then who is under 18, then who came first; practice comes last.
    """
    return [_row(conversation) for conversation in _queue()[:QUEUE_SHOWN_MOST]]


def waiting_beyond() -> int:
    """How many wait behind those."""
    return max(0, _queue().count() - QUEUE_SHOWN_MOST)


def wished_behind(shown: Iterable[ConversationRow]) -> dict[str, list[ConversationRow]]:
    """Who waits behind `shown` and would like a certain member, by that member, in the same order.

    She is told of them however far behind they stand, for she alone is whom they wait for.
    """
    behind = _queue().filter(wish__isnull=False).exclude(pk__in=[row.conv for row in shown])
    by_member = defaultdict(list)
    for conversation in behind:
        by_member[cast(UUID, conversation.wish_id).hex].append(_row(conversation))
    return by_member


def letters() -> list[ConversationRow]:
    """The oldest of what was left and nobody answers yet; one with nothing in it is none."""
    return [_row(conversation) for conversation in _letters()[:QUEUE_SHOWN_MOST]]


def letters_beyond() -> int:
    """How many were left after those."""
    return max(0, _letters().count() - QUEUE_SHOWN_MOST)


def conversations_in_hand(member: Member) -> list[tuple[ConversationRow, bytes]]:
    """What `member` has not finished, oldest first, each with its wrap for the team.

    Those are the conversations that she is in, and those that ended and are still to be wrapped up.
    """
    hers = Conversation.objects.filter(counsellor=member, finished_at=None)
    found = hers.select_related("wish", "thread")
    active = found.filter(ended_at=None).order_by("accepted_at")
    ended = found.filter(ended_at__isnull=False).order_by("-ended_at")[:ENDED_AT_DESK_MOST]
    in_order = sorted(
        [*active, *ended], key=lambda one: (one.accepted_at or one.started_at, one.pk)
    )
    return [_with_wrap(conversation) for conversation in in_order]


def conversation_of(member: Member, conversation_id: UUID) -> tuple[ConversationRow, bytes]:
    """One conversation of `member`, with its wrap for the team."""
    return _with_wrap(Conversation.objects.get(pk=conversation_id, counsellor=member))


def conversation_with_wrap(conversation_id: UUID) -> tuple[ConversationRow, bytes]:
    """One conversation with its wrap for the team, for whom `reading` gave it."""
    return _with_wrap(Conversation.objects.get(pk=conversation_id))


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block that no coordinator has reviewed; times in minutes."""

    conv: str
    by: str
    """The alias."""
    reason: str
    at: int
    until: int


def blocks_to_review() -> list[BlockRow]:
    """The blocks that wait for a coordinator, oldest first."""
    found = Block.objects.filter(reviewed_at=None).select_related("by").order_by("began_at")
    return [
        BlockRow(
            block.pk.hex,
            block.by.alias,
            block.reason,
            _minutes(block.began_at),
            _minutes(block.until),
        )
        for block in found
    ]


def load_of(member: Member) -> int:
    """What the conversations that `member` has in hand weigh together."""
    found = Conversation.objects.filter(counsellor=member, finished_at=None)
    in_hand = (capacity.InHand(*row) for row in found.values_list("weight", "ended_at"))
    wrap_up = timedelta(seconds=helpline.wrap_up_seconds())
    return capacity.load_of(in_hand, timezone.now(), wrap_up)


def beyond_desk(member: Member) -> int:
    """How many that ended and are not finished come to the desk of `member` only later."""
    ended = Conversation.objects.filter(counsellor=member, finished_at=None, ended_at__isnull=False)
    return max(0, ended.count() - ENDED_AT_DESK_MOST)


def capacity_of(member: Member) -> int:
    """How much `member` may have in hand at once."""
    return member.capacity or helpline.capacity()


def wait_ranges() -> dict[str, tuple[int, int] | None]:
    """For every waiting conversation the minutes until it is likely answered."""
    since = timezone.now() - PACE_WINDOW
    lately = Conversation.objects.filter(accepted_at__gte=since, is_practice=False)
    lately = lately.order_by("accepted_at")
    accepted = [
        moment.timestamp() for moment in lately.values_list("accepted_at", flat=True) if moment
    ]
    ranges: dict[str, tuple[int, int] | None] = {}
    span: tuple[int, int] | None = (0, 0)
    for ahead, conv in enumerate(_queue().values_list("pk", flat=True)):
        # Behind one who can be told nothing nobody can be told more.
        span = span and wait_range(ahead, accepted)
        ranges[conv.hex] = span
    return ranges


def tab_half(conversation: Conversation) -> bytes:
    """The server's half of the tab's key, for who came through `access.conversation_for_tab`."""
    return bytes(
        Wrap.objects.values_list("sealed", flat=True).get(conversation=conversation, kind="tab")
    )


def messages_of(conversation: Conversation) -> list[tuple[int, Place, bytes]]:
    """All messages of a conversation in their order: `seq`, place and envelope."""
    rows = Message.objects.filter(conversation=conversation).order_by("seq")
    conv = conversation.pk.hex
    return [
        (row.seq, Place(conv, row.sender, row.n, row.message_id.hex), bytes(row.envelope))
        for row in rows
    ]


def _queue() -> QuerySet[Conversation]:
    # Who skipped a question stands where who said no stands: unknown is not the worse answer.
    said_danger, said_minor = (
        Case(When(said, then=0), default=1) for said in (Q(in_danger=True), Q(under_18=True))
    )
    waiting = Conversation.objects.filter(state=State.WAITING).select_related("wish", "thread")
    # Whoever only trains never stands before one who needs help.
    return waiting.order_by("is_practice", said_danger, said_minor, "started_at", "pk")


def _letters() -> QuerySet[Conversation]:
    left = Conversation.objects.filter(state=State.LEFT, last_seq__gt=0)
    return left.select_related("wish", "thread").order_by("started_at", "pk")


def _with_wrap(conversation: Conversation) -> tuple[ConversationRow, bytes]:
    sealed = Wrap.objects.values_list("sealed", flat=True).get(
        conversation=conversation, kind="team"
    )
    return _row(conversation), bytes(sealed)


def _row(conversation: Conversation) -> ConversationRow:
    # Two notes that did not come: the process that held her stream has gone.
    silent = timezone.now() - conversation.visitor_seen_at > 2.5 * timedelta(
        seconds=settings.PRESENCE_SECONDS
    )
    return ConversationRow(
        conv=conversation.pk.hex,
        thread=conversation.thread_id.hex,
        state=conversation.state,
        epoch=conversation.epoch,
        lang=conversation.language,
        returning=conversation.returning,
        wish=_wish(conversation.wish),
        for_whom=conversation.for_whom,
        in_danger=conversation.in_danger,
        under_18=conversation.under_18,
        waiting_since=_minutes(conversation.started_at),
        accepted_at=_minutes(conversation.accepted_at),
        away=conversation.visitor_away or silent,
        ended_at=_minutes(conversation.ended_at),
        by=conversation.ended_by,
        weight=conversation.weight,
        server_sealed=conversation.server_sealed,
        practice=conversation.is_practice,
        risk=conversation.risk_steps if conversation.risk_at else None,
        insincere=conversation.insincere,
        letter=conversation.is_letter,
        has_code=conversation.thread.code_check is not None,
        agreed_at=_minutes(conversation.thread.agreed_at),
    )


def _wish(member: Member | None) -> dict[str, str] | None:
    return {"member": member.pk.hex, "alias": member.alias} if member else None


@overload
def _minutes(moment: datetime) -> int: ...
@overload
def _minutes(moment: None) -> None: ...
def _minutes(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) // 60 if moment else None
