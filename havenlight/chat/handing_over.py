"""Handing a conversation to a colleague: offered with a reason, changed only when it is taken."""

from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.chat import queries
from havenlight.chat.actions import publish_state
from havenlight.chat.answering import tell
from havenlight.chat.capacity import has_room
from havenlight.chat.codes import HandOverReason
from havenlight.chat.errors import AtCapacity, NotAllowed, StepRefused
from havenlight.chat.models import Conversation, HandOver
from havenlight.chat.states import State
from havenlight.team import duty
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer that is open, as the desk of either side sees it."""

    id: int
    conv: str
    by: str
    """Alias of who offers."""
    to: str
    """Alias of whom it is offered to."""
    mine: bool
    """Whether she who asks made the offer."""
    reason: str
    at: int
    lang: str
    in_danger: bool | None
    under_18: bool | None

    def as_json(self) -> dict[str, object]:
        """The row as the protocol writes it."""
        return asdict(self)


def offer(conversation: Conversation, member: Member, to_id: UUID, reason: HandOverReason) -> None:
    """Offer an active conversation of `member` to a colleague who is there.

    Raises StepRefused when it has ended, NotAllowed when whom it is offered to is not there or
    is `member` herself. A second offer takes the place of the first.
    """
    if conversation.state != State.ACTIVE:
        raise StepRefused(conversation.state, "handed over")
    to = next((one.member for one in duty.on_duty() if one.member.pk == to_id), None)
    if to is None or to == member:
        raise NotAllowed
    with transaction.atomic():
        withdraw(conversation, member)
        try:
            with transaction.atomic():
                HandOver.objects.create(conversation=conversation, by=member, to=to, reason=reason)
        except IntegrityError:
            # Another window of hers offered it at the same moment; one offer is enough.
            return
        tell(member, to)
        audit.record(member.pk, "offered", conversation, reason)


def take(hand_over: HandOver, member: Member) -> Conversation:
    """Give the conversation to `member`, to whom it was offered, and tell which it is.

    The visitor sees nothing but who writes now. Raises StepRefused when the offer is open no more
    or the conversation has ended, AtCapacity when she has enough in hand.
    """
    conversation = hand_over.conversation
    with transaction.atomic():
        duty.seen(member)  # locks her row, as accepting does
        load, capacity = queries.load_of(member), queries.capacity_of(member)
        if not has_room(load, capacity, in_danger=conversation.in_danger is True):
            raise AtCapacity(load, capacity)
        settled = HandOver.objects.filter(pk=hand_over.pk, settled_at=None).update(
            settled_at=timezone.now(), taken=True
        )
        # Who read along until now answers from now on.
        Conversation.objects.filter(pk=conversation.pk, reader=member).update(
            reader=None, reader_until=None
        )
        moved = Conversation.objects.filter(
            pk=conversation.pk, state=State.ACTIVE, counsellor=hand_over.by
        ).update(counsellor=member)
        if not (settled and moved):
            raise StepRefused(conversation.state, "handed over")
        publish_state(conversation.pk)
        tell(member, hand_over.by)
        audit.record(member.pk, "took over", conversation, hand_over.reason)
    return conversation


def decline(hand_over: HandOver) -> None:
    """Leave the conversation with who offered it."""
    with transaction.atomic():
        HandOver.objects.filter(pk=hand_over.pk, settled_at=None).update(settled_at=timezone.now())
        tell(hand_over.by, hand_over.to)


def withdraw(conversation: Conversation, member: Member) -> None:
    """Offer a conversation to nobody any more."""
    open_ones = HandOver.objects.filter(conversation=conversation, by=member, settled_at=None)
    for one in open_ones.select_related("to"):
        HandOver.objects.filter(pk=one.pk, settled_at=None).update(settled_at=timezone.now())
        tell(one.to, member)


def pass_on(member: Member, to: Member) -> None:
    """Give `to` all that `member` is in, because she is a member no longer."""
    HandOver.objects.filter(Q(by=member) | Q(to=member), settled_at=None).update(
        settled_at=timezone.now()
    )
    for conversation in Conversation.objects.filter(counsellor=member, state=State.ACTIVE):
        Conversation.objects.filter(pk=conversation.pk).update(counsellor=to)
        publish_state(conversation.pk)
        audit.record(to.pk, "took over", conversation, "left")
    tell(to)


def offer_to(member: Member, hand_over_id: int) -> HandOver:
    """An offer to `member`, or raise NotAllowed."""
    if not may(member, Right.VISITORS):
        raise NotAllowed
    found = HandOver.objects.filter(pk=hand_over_id, to=member)
    hand_over = found.select_related("conversation", "by", "to").first()
    if hand_over is None:
        raise NotAllowed
    return hand_over


def open_offers(member: Member) -> list[OfferRow]:
    """What is offered to `member` and what she offers, oldest first."""
    found = HandOver.objects.filter(
        Q(to=member) | Q(by=member), settled_at=None, conversation__state=State.ACTIVE
    ).select_related("conversation", "by", "to")
    return [_row(one, member) for one in found.order_by("offered_at")]


def _row(one: HandOver, member: Member) -> OfferRow:
    return OfferRow(
        id=one.pk,
        conv=one.conversation_id.hex,
        by=one.by.alias,
        to=one.to.alias,
        mine=one.by_id == member.pk,
        reason=one.reason,
        at=int(one.offered_at.timestamp()) // 60,
        lang=one.conversation.language,
        in_danger=one.conversation.in_danger,
        under_18=one.conversation.under_18,
    )
