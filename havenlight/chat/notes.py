"""What members write down for each other about a visitor; the server holds sealed bytes only."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from havenlight.chat.errors import IdReused
from havenlight.chat.models import Conversation, Note
from havenlight.team.models import Member


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as it was kept; `at` in minutes since 1970."""

    id: str
    epoch: int
    author: str
    """The alias."""
    at: int
    sealed: bytes


def write(
    conversation: Conversation, author: Member, note_id: UUID, epoch: int, sealed: bytes
) -> None:
    """Keep a note on the thread of a conversation; the same again is nothing new.

    Raises IdReused when the id belongs to another note.
    """
    values = {"thread_id": conversation.thread_id, "author_id": author.pk, "epoch": epoch}
    try:
        with transaction.atomic():
            Note.objects.create(pk=note_id, sealed=sealed, **values)
    except IntegrityError:
        same = Note.objects.filter(pk=note_id, **values).first()
        if same is None or bytes(same.sealed) != sealed:
            raise IdReused from None


def notes_on(conversation: Conversation) -> list[NoteRow]:
    """The notes on the thread of a conversation, oldest first."""
    found = Note.objects.filter(thread=conversation.thread_id).select_related("author")
    return [
        NoteRow(
            note.pk.hex,
            note.epoch,
            note.author.alias,
            int(note.written_at.timestamp()) // 60,
            bytes(note.sealed),
        )
        for note in found.order_by("written_at", "pk")
    ]
