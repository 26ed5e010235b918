"""What a coordinator may read, as typed rows: who talks with whom now, and what has ended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from havenlight.chat.models import Block, Conversation, Wrap
from havenlight.chat.states import State
from havenlight.team.languages import ALL


@dataclass(frozen=True, slots=True)
class TalkRow:
    """A conversation that was answered, without a word of what was said."""

    id: UUID
    alias: str
    """Of who answers."""
    reader: str | None
    """Alias of who reads along."""
    accepted_at: datetime
    ended_at: datetime | None
    language: str
    in_danger: bool
    under_18: bool
    is_risk: bool
    is_insincere: bool
    is_blocked: bool
    practice: bool

    @property
    def language_name(self) -> str:
        """In its own words."""
        return ALL.get(self.language, self.language)


def going_on() -> list[TalkRow]:
    """The conversations that go on now, oldest first."""
    return [_row(one) for one in _answered().filter(state=State.ACTIVE).order_by("accepted_at")]


def ended(*, before: datetime | None, most: int) -> list[TalkRow]:
    """The conversations that have ended and can still be opened, latest first."""
    found = _answered().filter(state=State.ENDED).order_by("-ended_at")
    if before:
        found = found.filter(ended_at__lt=before)
    return [_row(one) for one in found[:most]]


def talk(conversation_id: UUID) -> TalkRow:
    """One conversation that was answered, for whom access gave it."""
    return _row(_answered().get(pk=conversation_id))


def _answered() -> QuerySet[Conversation]:
    key = Wrap.objects.filter(conversation=OuterRef("pk"), kind="team")
    block = Block.objects.filter(conversation=OuterRef("pk")).exclude(upheld=False)
    found = Conversation.objects.filter(Exists(key), accepted_at__isnull=False)
    return found.annotate(is_blocked=Exists(block)).select_related("counsellor", "reader")


def _row(one: Conversation) -> TalkRow:
    if one.counsellor is None or one.accepted_at is None:
        raise ValueError("a conversation that was answered has a counsellor")
    return TalkRow(
        id=one.pk,
        alias=one.counsellor.alias,
        reader=one.reader.alias if one.reader else None,
        accepted_at=one.accepted_at,
        ended_at=one.ended_at,
        language=one.language,
        in_danger=one.in_danger is True,
        under_18=one.under_18 is True,
        is_risk=one.risk_at is not None,
        is_insincere=bool(one.insincere),
        is_blocked=getattr(one, "is_blocked", False),
        practice=one.is_practice,
    )
