"""Whether a thread may come back, after a member has ended and blocked a conversation of it."""

from datetime import datetime

from havenlight.chat.errors import NotOpen
from havenlight.chat.models import Block, Thread


def check_not_blocked(thread: Thread, now: datetime) -> None:
    """Raise NotOpen while a block holds that no coordinator has lifted."""
    blocks = Block.objects.filter(conversation__thread=thread, until__gt=now)
    if blocks.exclude(upheld=False).exists():
        raise NotOpen("blocked")
