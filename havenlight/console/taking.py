"""Taking a conversation from the queue, and counting it where its visitor is known already."""

from uuid import UUID

from django.db import transaction

from havenlight.casework import actions as casework
from havenlight.chat import access, actions, answered
from havenlight.console.models import Tie
from havenlight.console.registering import local_day
from havenlight.team.models import Member


def accept(member: Member, conversation_id: UUID) -> None:
    """Give a conversation that waits to `member`, as `chat.actions.accept` does.

    Of a thread that casework knows, one conversation more is counted: registered or not, she came.
    """
    conversation = access.conversation_for_accept(member, conversation_id)
    with transaction.atomic():
        answered.hold(conversation.thread_id)
        tie = Tie.objects.filter(thread=conversation.thread_id).first()
        if tie:
            year = local_day(conversation.started_at).year
            casework.count_conversation(tie.contact_id, year)
        # Last, since it writes the line of the audit, for which everybody else waits.
        actions.accept(conversation, member)
