"""Erasing conversations: their keys, their messages, and what is sealed beside them.

The row itself stays, to the minute and without what a tab could prove itself with, so that the
helpline can still count how many came and how long they waited.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, TruncMinute

from havenlight.chat.models import Conversation, Message, Thread, Wrap
from havenlight.chat.states import OPEN

_TIMES = ("started_at", "accepted_at", "ended_at", "visitor_seen_at")


def transcripts_before(limit: datetime) -> list[UUID]:
    """Conversations that ended before `limit` and can still be read."""
    wraps = Wrap.objects.filter(conversation=OuterRef("pk"))
    said = Message.objects.filter(conversation=OuterRef("pk"))
    readable = _closed(limit).filter(Exists(wraps) | Exists(said))
    return list(readable.values_list("pk", flat=True))


def notes_before(limit: datetime) -> list[UUID]:
    """Conversations that ended before `limit` and have notes or drafts beside them.

    What is noted about a visitor goes when the last of her conversations has ended so long ago.
    """
    beside = Q(pk__in=[])
    for relation in _sealed_beside(Conversation):
        beside |= Q(Exists(_rows(relation).filter(**{relation.field.name: OuterRef("pk")})))
    later = Conversation.objects.filter(thread=OuterRef("thread")).exclude(ended_at__lt=limit)
    for relation in _sealed_beside(Thread):
        noted = _rows(relation).filter(**{relation.field.name: OuterRef("thread")})
        beside |= Q(Exists(noted)) & ~Q(Exists(later))
    return list(_closed(limit).filter(beside).values_list("pk", flat=True))


def all_conversations() -> list[UUID]:
    """Every conversation that is closed."""
    closed = Conversation.objects.exclude(state__in=OPEN)
    return list(closed.values_list("pk", flat=True))


def closed_conversations_of(thread: Thread) -> list[UUID]:
    """The conversations of a visitor's thread that have ended."""
    closed = thread.conversations.exclude(state__in=OPEN)
    return list(closed.values_list("pk", flat=True))


def erase_notes(conversation_ids: Iterable[UUID]) -> None:
    """Erase what members wrote beside these conversations, and about their visitors.

    Notes about a visitor of whom another conversation can still be read are left alone.
    """
    ids = list(conversation_ids)
    readable = Wrap.objects.filter(conversation__thread=OuterRef("pk"), kind="team")
    still = Exists(readable.exclude(conversation__in=ids))
    threads = list(Thread.objects.filter(conversations__in=ids).exclude(still))
    with transaction.atomic():
        for relation in _sealed_beside(Conversation):
            _rows(relation).filter(**{f"{relation.field.name}__in": ids}).delete()
        for relation in _sealed_beside(Thread):
            _rows(relation).filter(**{f"{relation.field.name}__in": threads}).delete()


def erase(conversation_ids: Iterable[UUID]) -> None:
    """Erase the keys of these conversations first, then all that was said and noted.

    A conversation that is still open is left alone. A return code that opens nothing any more
    goes as well.
    """
    ids = list(conversation_ids)
    with transaction.atomic():
        closed = Conversation.objects.filter(pk__in=ids).exclude(state__in=OPEN)
        ids = list(closed.values_list("pk", flat=True))
        Wrap.objects.filter(conversation__in=ids).delete()
        Message.objects.filter(conversation__in=ids).delete()
        erase_notes(ids)
        times = {name: TruncMinute(name) for name in _TIMES}
        # What can no longer be opened is nobody's work any more: it leaves the desk it was at.
        times["finished_at"] = TruncMinute(Coalesce("finished_at", "ended_at"))
        Conversation.objects.filter(pk__in=ids).update(tab_check=bytes(32), **times)
        codes = Wrap.objects.filter(conversation__thread=OuterRef("pk"), kind="code")
        ended = Thread.objects.filter(conversations__in=ids).exclude(Exists(codes))
        Thread.objects.filter(pk__in=ended.values("pk")).update(
            code_check=None, agreed_at=None, agreed_with=None
        )


def sealed_tables() -> list[str]:
    """The tables whose bytes open something: keys, and what is sealed to the team key itself."""
    beside = [*_sealed_beside(Conversation), *_sealed_beside(Thread)]
    return [Wrap._meta.db_table, *(relation.related_model._meta.db_table for relation in beside)]


def _closed(limit: datetime) -> models.QuerySet[Conversation]:
    return Conversation.objects.exclude(state__in=OPEN).filter(ended_at__lt=limit)


def _sealed_beside(owner: type[models.Model]) -> list[models.ManyToOneRel]:
    """The tables, in whichever domain, of sealed rows that go with their conversation or thread.

    They are found, not listed, so that nobody who adds one has to think of erasing it.
    """
    return [
        relation
        for relation in owner._meta.related_objects
        if isinstance(relation, models.ManyToOneRel)
        and relation.on_delete is models.CASCADE
        and relation.related_model is not Wrap
        and any(field.name == "sealed" for field in relation.related_model._meta.get_fields())
    ]


def _rows(relation: models.ManyToOneRel) -> models.QuerySet[models.Model]:
    rows: models.QuerySet[models.Model] = relation.related_model._base_manager.all()
    return rows


def epochs_in_use() -> set[int]:
    """The epochs whose team key still opens a conversation."""
    wraps = Wrap.objects.filter(kind="team")
    return set(wraps.values_list("conversation__epoch", flat=True).distinct())
