"""The only way to a conversation from outside chat's own tables."""

import hashlib
import hmac
from uuid import UUID

from havenlight.chat.errors import NotAllowed
from havenlight.chat.models import Conversation
from havenlight.chat.states import OPEN
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may


def conversation_for_tab(conversation_id: UUID, tab_key: bytes) -> Conversation:
    """The open conversation of the tab whose credential is `tab_key`, or raise NotAllowed.

    A letter is open for longer than its tab may go on with it.
    """
    conversation = Conversation.objects.filter(
        pk=conversation_id, state__in=OPEN, wraps__kind="tab"
    ).first()
    if conversation is None:
        raise NotAllowed
    if not hmac.compare_digest(hashlib.sha256(tab_key).digest(), bytes(conversation.tab_check)):
        raise NotAllowed
    return conversation


def conversation_for_accept(member: Member, conversation_id: UUID) -> Conversation:
    """A conversation that `member` may try to accept, whatever its state, or raise NotAllowed."""
    if not may(member, Right.VISITORS):
        raise NotAllowed
    try:
        return Conversation.objects.get(pk=conversation_id)
    except Conversation.DoesNotExist as error:
        raise NotAllowed from error


def conversation_in_hand(member: Member, conversation_id: UUID) -> Conversation:
    """A conversation that `member` is in or has still to wrap up, or raise NotAllowed."""
    try:
        return Conversation.objects.get(pk=conversation_id, counsellor=member, finished_at=None)
    except Conversation.DoesNotExist as error:
        raise NotAllowed from error
