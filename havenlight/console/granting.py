"""Who may ask at the desk, and what each answer grants her."""

import time
from collections.abc import Callable
from dataclasses import asdict
from functools import update_wrapper
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse

from havenlight.chat import handing_over, queries
from havenlight.chat.errors import AtCapacity, IdReused, NotAllowed, StepRefused
from havenlight.chat.queries import ConversationRow
from havenlight.core import tokens
from havenlight.core.endpoints import Fields
from havenlight.core.refusals import Refused
from havenlight.core.seal.encoding import b64
from havenlight.core.seal.keys import sender_of
from havenlight.team import duty, helpline
from havenlight.team import queries as team
from havenlight.team.gate import MemberRequest, endpoint_for
from havenlight.team.models import Member, MemberKey
from havenlight.team.permissions import Right, may

Answer = dict[str, object]
P = ParamSpec("P")
View = Callable[Concatenate[Member, Fields, P], Answer | None]


def at_desk(
    right: Right,
) -> Callable[[View[P]], Callable[Concatenate[MemberRequest, P], HttpResponse]]:
    """Turn what takes the member and the fields of a body into a view for who holds `right`.

    Others are refused, and so is what chat refuses, each in the protocol's words.
    """

    def gate(view: View[P]) -> Callable[Concatenate[MemberRequest, P], HttpResponse]:
        def asked(
            request: MemberRequest, fields: Fields, /, *args: P.args, **kwargs: P.kwargs
        ) -> Answer | None:
            try:
                return view(request.user, fields, *args, **kwargs)
            except NotAllowed:
                raise Refused("unknown") from None
            except StepRefused:
                raise Refused("ended") from None
            except AtCapacity:
                raise Refused("capacity") from None
            except IdReused:
                raise Refused("id_reused") from None

        return endpoint_for(right)(update_wrapper(asked, view))

    return gate


def all_in_hand(member: Member) -> Answer:
    """A token for what `member` has in hand, those conversations, and how she stands."""
    mine = queries.conversations_in_hand(member)
    return {
        **_token(member, [row.conv for row, _ in mine]),
        "conversations": [_json(*one) for one in mine],
        "offers": [offer.as_json() for offer in handing_over.open_offers(member)],
        "reviews": _reviews(member),
        "me": me(member),
    }


def one_more(member: Member, conversation_id: UUID) -> Answer:
    """A token for what `member` has in hand, and the conversation that is new in it."""
    mine = [row.conv for row, _ in queries.conversations_in_hand(member)]
    conversation = queries.conversation_of(member, conversation_id)
    return {**_token(member, mine), "conversation": _json(*conversation), "me": me(member)}


def to_read(member: Member, conversation_id: UUID) -> Answer:
    """A token to read one conversation along, with which nothing can be written."""
    conv = conversation_id.hex
    return tokens.grant(member.pk.hex, tokens.READER, [conv], settings.TOKEN_SECRET, time.time())


def me(member: Member) -> Answer:
    """How `member` stands in the shift, and how much she has in hand."""
    return {
        "standing": duty.standing_of(member),
        "load": queries.load_of(member),
        "capacity": queries.capacity_of(member),
        "beyond": queries.beyond_desk(member),
        "wrap_up": helpline.wrap_up_seconds() // 60,
    }


def _reviews(member: Member) -> list[Answer]:
    """What waits for a coordinator; for who is none there is nothing."""
    if not may(member, Right.REVIEW):
        return []
    return [asdict(block) for block in queries.blocks_to_review()]


def _json(row: ConversationRow, wrap: bytes) -> Answer:
    return {**row.as_json(), "wrap": b64(wrap)}


def _token(member: Member, conversations: list[str]) -> Answer:
    try:
        sender = sender_of(team.keys_of(member).public)
    except MemberKey.DoesNotExist:
        # A new key is to be made first, or she may not have one any more.
        raise Refused("unknown") from None
    now = time.time()
    granted = tokens.grant(member.pk.hex, sender, conversations, settings.TOKEN_SECRET, now)
    # A desk whose clock is wrong would show wrong waits: it goes by ours.
    return {**granted, "now": int(now)}
