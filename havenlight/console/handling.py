"""What a member does with the conversations that she has in hand."""

from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone

from havenlight.chat import agreeing, answering, handing_over, notes, queries
from havenlight.chat.access import conversation_in_hand
from havenlight.chat.answering import BLOCK_HOURS
from havenlight.chat.capacity import WEIGHTS
from havenlight.chat.codes import BlockReason, HandOverReason, InsincereReason, RiskStep
from havenlight.chat.errors import NotOpen
from havenlight.console import forms
from havenlight.console.granting import Answer, at_desk, one_more
from havenlight.core.endpoints import Fields
from havenlight.core.refusals import Refused
from havenlight.core.seal.encoding import b64
from havenlight.team import duty, helpline
from havenlight.team import queries as team
from havenlight.team.models import Member
from havenlight.team.permissions import Right


@at_desk(Right.VISITORS)
def texts(member: Member, _fields: Fields) -> Answer:
    """The ready texts and cards of the helpline, in all its languages."""
    ready = [
        {"id": one.id, "lang": one.language, "topic": one.topic, "text": one.text}
        for one in helpline.ready_texts()
    ]
    cards = [
        {
            "id": one.id,
            "lang": one.language,
            "topic": one.topic,
            "for_whom": one.for_whom,
            "title": one.title,
            "text": one.text,
        }
        for one in helpline.cards()
    ]
    return {"texts": ready, "cards": cards}


@at_desk(Right.VISITORS)
def finish(member: Member, _fields: Fields, conversation_id: UUID) -> None:
    """Be done with a conversation that has ended."""
    answering.finish(conversation_in_hand(member, conversation_id), member)


@at_desk(Right.VISITORS)
def weigh(member: Member, fields: Fields, conversation_id: UUID) -> None:
    """Say how much of her a conversation asks."""
    conversation = conversation_in_hand(member, conversation_id)
    answering.weigh(conversation, member, forms.choice(fields, "weight", WEIGHTS))


@at_desk(Right.VISITORS)
def risk(member: Member, fields: Fields, conversation_id: UUID) -> None:
    """Flag a risk with the steps done so far; `steps` null takes the flag back."""
    conversation = conversation_in_hand(member, conversation_id)
    if fields.get("steps", ()) is None:
        return answering.take_flag_back(conversation, member)
    steps = forms.choices(fields, "steps", [*RiskStep])
    return answering.flag_risk(conversation, member, map(RiskStep, steps))


@at_desk(Right.VISITORS)
def insincere(member: Member, fields: Fields, conversation_id: UUID) -> None:
    """Mark a contact as not sincere with a reason; null takes that back."""
    conversation = conversation_in_hand(member, conversation_id)
    if fields.get("reason", "") is None:
        return answering.mark_insincere(conversation, member, None)
    reason = InsincereReason(forms.choice(fields, "reason", [*InsincereReason]))
    return answering.mark_insincere(conversation, member, reason)


@at_desk(Right.VISITORS)
def block(member: Member, fields: Fields, conversation_id: UUID) -> None:
    """End a conversation and block it for some hours."""
    conversation = conversation_in_hand(member, conversation_id)
    reason = BlockReason(forms.choice(fields, "reason", [*BlockReason]))
    answering.block(conversation, member, reason, forms.choice(fields, "hours", BLOCK_HOURS))


@at_desk(Right.VISITORS)
def keep_note(member: Member, fields: Fields, conversation_id: UUID) -> None:
    """Keep a sealed note on the visitor."""
    conversation, written = conversation_in_hand(member, conversation_id), forms.aside(fields)
    if written.epoch > team.current_epoch().number:
        raise Refused("epoch")
    notes.write(conversation, member, *written)


@at_desk(Right.VISITORS)
def read_notes(member: Member, _fields: Fields, conversation_id: UUID) -> Answer:
    """The sealed notes on the visitor of a conversation that the member has in hand."""
    conversation = conversation_in_hand(member, conversation_id)
    rows = [
        {
            "id": row.id,
            "epoch": row.epoch,
            "author": row.author,
            "at": row.at,
            "sealed": b64(row.sealed),
        }
        for row in notes.notes_on(conversation)
    ]
    return {"notes": rows}


@at_desk(Right.VISITORS)
def colleagues(member: Member, _fields: Fields) -> Answer:
    """Who else is on duty or has a break, and how much each has in hand."""
    there = [
        {
            "member": one.member.pk.hex,
            "alias": one.member.alias,
            "standing": one.standing,
            "load": queries.load_of(one.member),
            "capacity": queries.capacity_of(one.member),
        }
        for one in duty.on_duty()
        if one.member.pk != member.pk
    ]
    return {"colleagues": there}


@at_desk(Right.VISITORS)
def hand_over(member: Member, fields: Fields, conversation_id: UUID) -> None:
    """Offer a conversation to a colleague, with a reason."""
    conversation = conversation_in_hand(member, conversation_id)
    reason = HandOverReason(forms.choice(fields, "reason", [*HandOverReason]))
    handing_over.offer(conversation, member, forms.identifier(fields, "to"), reason)


@at_desk(Right.VISITORS)
def keep(member: Member, _fields: Fields, conversation_id: UUID) -> None:
    """Keep a conversation that was offered after all."""
    handing_over.withdraw(conversation_in_hand(member, conversation_id), member)


@at_desk(Right.VISITORS)
def take(member: Member, _fields: Fields, hand_over_id: int) -> Answer:
    """Take over a conversation that a colleague offered."""
    conversation = handing_over.take(handing_over.offer_to(member, hand_over_id), member)
    return one_more(member, conversation.pk)


@at_desk(Right.VISITORS)
def decline(member: Member, _fields: Fields, hand_over_id: int) -> None:
    """Leave a conversation with the colleague who offered it."""
    handing_over.decline(handing_over.offer_to(member, hand_over_id))


@at_desk(Right.VISITORS)
def times(member: Member, _fields: Fields, conversation_id: UUID) -> Answer:
    """The times that can be agreed on with a visitor, and the one that was."""
    row, _ = queries.conversation_of(member, conversation_in_hand(member, conversation_id).pk)
    return {
        "slots": [int(slot.timestamp()) // 60 for slot in agreeing.slots(timezone.now())],
        "zone": team.organisation().time_zone,
        "agreed_at": row.agreed_at,
        "has_code": row.has_code,
    }


@at_desk(Right.VISITORS)
def agree(member: Member, fields: Fields, conversation_id: UUID) -> None:
    """Agree with a visitor on a time to talk again; null takes it back."""
    conversation, at = conversation_in_hand(member, conversation_id), fields.get("at", "")
    if at is None:
        return agreeing.take_back(conversation, member)
    if type(at) is not int or not 0 <= at < 2**31:
        raise Refused("malformed")
    try:
        return agreeing.agree(conversation, member, datetime.fromtimestamp(at * 60, UTC))
    except NotOpen:
        raise Refused("closed") from None


@at_desk(Right.REVIEW)
def review(member: Member, fields: Fields, conversation_id: UUID) -> None:
    """Let a block stand or lift it; coordinators only."""
    upheld = forms.choice(fields, "verdict", ("upheld", "lifted")) == "upheld"
    answering.review_block(conversation_id, member, timezone.now(), upheld=upheld)
