"""The way back: a return code is taken, used and given up, and what was said before is read."""

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from havenlight.chat.errors import IdReused, NotAllowed, TooManyGuesses
from havenlight.chat.models import Conversation, Guesses, Message, Thread, Wrap
from havenlight.core.seal.encoding import b64
from havenlight.team.models import Member


@dataclass(frozen=True, slots=True)
class Return:
    """What a visitor who comes back adds to the start of a conversation: protocol, section 4."""

    lookup: bytes
    wrap: bytes
    wish: bool


def take_code(conversation_id: UUID, lookup: bytes, wrap: bytes) -> None:
    """Let this code open the thread of a conversation, and this conversation, from now on.

    A code that the thread had opens nothing any more. The same request again changes nothing.
    Raises IdReused when another thread has the code.
    """
    check = sha256(lookup).digest()
    with transaction.atomic():
        thread = Thread.objects.select_for_update().get(conversations=conversation_id)
        if Thread.objects.filter(code_check=check).exclude(pk=thread.pk).exists():
            raise IdReused
        if thread.code_check is None or bytes(thread.code_check) != check:
            _forget(thread)
        Thread.objects.filter(pk=thread.pk).update(code_check=check)
        Wrap.objects.update_or_create(
            conversation_id=conversation_id, kind="code", defaults={"sealed": wrap}
        )


def give_up_code(conversation_id: UUID) -> None:
    """Destroy the code of a conversation's thread; without one nothing changes."""
    with transaction.atomic():
        _forget(Thread.objects.get(conversations=conversation_id))


def thread_of(lookup: bytes) -> Thread:
    """The thread that a code opens, or raise NotAllowed.

    A code ends with the last transcript that it opens. Wrong ones are counted for the whole
    installation, since no address is kept: over the limit TooManyGuesses is raised for all.
    """
    check_guesses()
    found = Thread.objects.filter(
        code_check=sha256(lookup).digest(), conversations__wraps__kind="code"
    )
    thread = found.first()
    if thread is None:
        _count_wrong(_this_minute())
        raise NotAllowed
    return thread


def check_guesses() -> None:
    """Raise TooManyGuesses while no code is looked up, because so many were wrong."""
    wrong = Guesses.objects.filter(minute=_this_minute(), wrong__gte=settings.RETURN_GUESSES)
    if wrong.exists():
        raise TooManyGuesses


def thread_in(conversation_id: UUID) -> UUID:
    """The thread of a conversation, for whom its token names it; NotAllowed when it is gone."""
    thread = Thread.objects.filter(conversations=conversation_id).first()
    if thread is None:
        raise NotAllowed
    return thread.pk


def conversations_in(thread_id: UUID) -> list[UUID]:
    """Every conversation of a thread."""
    return list(Conversation.objects.filter(thread=thread_id).values_list("pk", flat=True))


def object_to_codes(thread_id: UUID, at: datetime | None) -> None:
    """Note that its visitor does not want what is coded of her to be counted; None: she does."""
    Thread.objects.filter(pk=thread_id).update(objects_at=at)


def last_counsellor(thread: Thread) -> Member | None:
    """Who answered in this thread last, while she still works here."""
    answered = thread.conversations.exclude(counsellor=None).order_by("-accepted_at")
    last = answered.select_related("counsellor").first()
    return last.counsellor if last and last.counsellor and last.counsellor.is_active else None


def agreed_at(conversation_id: UUID) -> int | None:
    """When the visitor of a conversation and a member talk again, in minutes, if they agreed."""
    thread = Thread.objects.get(conversations=conversation_id)
    return int(thread.agreed_at.timestamp()) // 60 if thread.agreed_at else None


@dataclass(frozen=True, slots=True)
class FormerRow:
    """An earlier conversation of a thread, with its key as sealed for who asks."""

    conv: str
    epoch: int
    at: int
    alias: str | None
    last_seq: int
    letter: bool
    wrap: bytes

    def as_json(self) -> dict[str, object]:
        """The row as the protocol writes it."""
        return {**asdict(self), "wrap": b64(self.wrap)}


def former_conversations(conversation_id: UUID, kind: str) -> list[FormerRow]:
    """The other conversations of this one's thread, oldest first, as sealed for `kind`.

    "code" is for the visitor herself, "team" for a member who is in this conversation.
    """
    wraps = Wrap.objects.filter(
        kind=kind, conversation__thread__conversations=conversation_id
    ).exclude(conversation=conversation_id)
    return [
        FormerRow(
            conv=wrap.conversation_id.hex,
            epoch=wrap.conversation.epoch,
            at=int(wrap.conversation.started_at.timestamp()) // 60,
            alias=wrap.conversation.counsellor.alias if wrap.conversation.counsellor else None,
            last_seq=wrap.conversation.last_seq,
            letter=wrap.conversation.is_letter,
            wrap=bytes(wrap.sealed),
        )
        for wrap in wraps.select_related("conversation__counsellor").order_by(
            "conversation__started_at"
        )
    ]


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A stored message; the members are those of the event `m`."""

    seq: int
    id: str
    sender: str
    n: int
    at: int
    envelope: bytes

    @classmethod
    def of(cls, message: Message) -> Self:
        """The row of a message."""
        return cls(
            seq=message.seq,
            id=message.message_id.hex,
            sender=message.sender,
            n=message.n,
            at=int(message.said_at.timestamp()) // 60,
            envelope=bytes(message.envelope),
        )

    def as_json(self) -> dict[str, object]:
        """The row as the protocol writes it."""
        return {
            "seq": self.seq,
            "id": self.id,
            "from": self.sender,
            "n": self.n,
            "at": self.at,
            "env": b64(self.envelope),
        }


_AT_ONCE = 100


def former_messages(conversation_id: UUID, former_id: UUID, after: int) -> list[MessageRow]:
    """At most 100 messages after `seq` of an earlier conversation of the same thread.

    Raises NotAllowed when `former_id` is of another thread.
    """
    former = Conversation.objects.filter(
        pk=former_id, thread__conversations=conversation_id
    ).first()
    if former is None:
        raise NotAllowed
    return [
        MessageRow.of(message)
        for message in former.messages.filter(seq__gt=after).order_by("seq")[:_AT_ONCE]
    ]


def _forget(thread: Thread) -> None:
    Wrap.objects.filter(conversation__thread=thread, kind="code").delete()
    Thread.objects.filter(pk=thread.pk).update(code_check=None, agreed_at=None, agreed_with=None)


def _this_minute() -> int:
    return int(timezone.now().timestamp()) // 60


def _count_wrong(minute: int) -> None:
    with transaction.atomic():
        Guesses.objects.filter(minute__lt=minute).delete()
        Guesses.objects.get_or_create(minute=minute)
        Guesses.objects.filter(minute=minute).update(wrong=F("wrong") + 1)
