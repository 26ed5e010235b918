"""What a conversation becomes in casework: which case, its draft, its registration."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from havenlight.casework import access as cases
from havenlight.casework import actions as casework
from havenlight.casework import registrations
from havenlight.casework.queries import CaseOfContact, cases_of_contact
from havenlight.chat import answered, returning
from havenlight.chat.answered import AnsweredRow
from havenlight.console.models import Coding, Draft, Tie
from havenlight.core.refusals import Refused
from havenlight.team import queries as team
from havenlight.team.models import Member

UNFINISHED_FOR = timedelta(days=30)
"""How long a conversation stays on the list of what is to be registered."""
MOST_DRAFT_BYTES = 8_192
NEW = "new"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A conversation that its counsellor has still to register, or has registered in part."""

    conversation: AnsweredRow
    contacted_on: date
    registered: int
    cases: tuple[CaseOfContact, ...]
    """Whom its visitor's thread is about, as far as that is known."""


def unfinished(member: Member) -> list[Unfinished]:
    """The conversations of `member` without a registration, and those with a draft."""
    since = timezone.now() - UNFINISHED_FOR
    drafted = set(Draft.objects.filter(member=member).values_list("conversation_id", flat=True))
    rows = answered.conversations_answered_by(member, since)
    known = {row.id for row in rows}
    rows += [answered.conversation_answered_by(member, one) for one in drafted - known]
    coded = _codings({row.id for row in rows})
    return [
        to_register(row, coded.get(row.id, 0))
        for row in rows
        if row.id in drafted or not coded.get(row.id)
    ]


def to_register(row: AnsweredRow, registered: int) -> Unfinished:
    """One conversation with what is known of whom it is about."""
    tie = Tie.objects.filter(thread=row.thread).first()
    known = cases_of_contact(tie.contact_id) if tie else ()
    return Unfinished(row, local_day(row.started_at), registered, known)


def registered_times(conversation: UUID) -> int:
    """How many persons were registered in a conversation."""
    return _codings({conversation}).get(conversation, 0)


def _codings(conversations: set[UUID]) -> dict[UUID, int]:
    counts: dict[UUID, int] = {}
    found = Coding.objects.filter(conversation__in=conversations)
    for one in found.values_list("conversation", flat=True):
        counts[one] = counts.get(one, 0) + 1
    return counts


def local_day(moment: datetime) -> date:
    """The day of a moment at the helpline, whose year ends in its own time zone."""
    return timezone.localdate(moment, ZoneInfo(team.organisation().time_zone))


def drafts(member: Member) -> list[Draft]:
    """What `member` has begun and not finished."""
    return list(Draft.objects.filter(member=member).order_by("saved_at"))


@dataclass(frozen=True, slots=True)
class Sealed:
    """A draft as the member's browser sealed it to the team key of an epoch."""

    id: UUID
    version: int
    epoch: int
    sealed: bytes


def keep_draft(member: Member, row: AnsweredRow, draft: Sealed) -> int:
    """Keep a draft as sealed bytes, and tell the version that is kept now.

    An older version than the one that is there changes nothing, nor does one of what has been
    finished. Refuses bytes that are too many, and as unknown another member's draft.
    """
    if len(draft.sealed) > MOST_DRAFT_BYTES:
        raise Refused("too_large")
    with transaction.atomic():
        there = Draft.objects.select_for_update().filter(pk=draft.id).first()
        if there and (there.member_id, there.conversation_id) != (member.pk, row.id):
            raise Refused("unknown")
        if Coding.objects.filter(registration_id=draft.id).exists():
            return draft.version
        if there and there.version >= draft.version:
            return there.version
        Draft.objects.update_or_create(
            pk=draft.id,
            defaults={
                "conversation_id": row.id,
                "member": member,
                "epoch": draft.epoch,
                "version": draft.version,
                "sealed": draft.sealed,
                "saved_at": timezone.now(),
            },
        )
    return draft.version


def drop_draft(member: Member, draft_id: UUID) -> None:
    """Throw a draft of `member` away; one that is not there is gone already."""
    Draft.objects.filter(pk=draft_id, member=member).delete()


@dataclass(frozen=True, slots=True)
class Finished:
    """A draft as its member finishes it."""

    draft: UUID
    """Becomes the registration's id, so that who lost the answer may ask again."""
    codebook: str
    answers: Mapping[str, object]
    person: str | None
    """One of the cases the thread is about, NEW, or None: its one case, or a new one."""


@transaction.atomic
def register(member: Member, row: AnsweredRow, finished: Finished) -> UUID:
    """Turn a draft into a registration, once, however often it is asked for; tell the case.

    Raises AnswersRefused, CodebookRefused, or Refused for another's draft or case.
    """
    coded = Coding.objects.filter(registration=finished.draft)
    done = coded.select_related("registration").first()
    if done:
        if done.conversation != row.id:
            raise Refused("unknown")
        return done.registration.case_id
    contact = cases.contact_for(member, _contact_of(row))
    case_id = _chosen(finished.person, cases_of_contact(contact.pk))
    case = cases.case_for(member, case_id) if case_id else None
    book = registrations.book(finished.codebook)
    answers = casework.Coded(book, finished.answers, finished.draft)
    made = casework.register(contact, case, answers, member)
    Coding.objects.create(conversation=row.id, registration_id=made.pk)
    drop_draft(member, finished.draft)
    return made.case_id


def _contact_of(row: AnsweredRow) -> UUID:
    # Of two who register in one thread at once, the second waits here and takes the first's.
    answered.hold(row.thread)
    tie = Tie.objects.filter(thread=row.thread).first()
    if tie is None:
        began_on = local_day(row.thread_started_at)
        contact = casework.meet(began_on, _held_by_year(row.thread, began_on))
        tie = Tie.objects.create(thread=row.thread, contact_id=contact.pk)
    if row.objects_at:
        casework.object_to(tie.contact_id, row.objects_at)
    return tie.contact_id


def _held_by_year(thread_id: UUID, began_on: date) -> dict[int, int]:
    """How many conversations a thread held in each year.

    The first one counts though nobody answered it: by it she came into view.
    """
    held = Counter(local_day(moment).year for moment in answered.beginnings(thread_id))
    return {**held, began_on.year: max(held[began_on.year], 1)}


def object_to_codes(thread_id: UUID, at: datetime | None) -> None:
    """Count nothing that is or will be registered of this thread; None takes that back."""
    with transaction.atomic():
        returning.object_to_codes(thread_id, at)
        tie = Tie.objects.filter(thread=thread_id).first()
        if tie:
            casework.object_to(tie.contact_id, at)


def _chosen(person: str | None, known: tuple[CaseOfContact, ...]) -> UUID | None:
    if person == NEW or not known:
        return None
    if person is None:
        return known[0].case if len(known) == 1 else None
    chosen = next((one.case for one in known if one.case.hex == person), None)
    if chosen is None:
        raise Refused("unknown")
    return chosen
