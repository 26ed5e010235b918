"""The writes of casework: one verb, one transaction, one audit line; see also `taking_in`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.casework import registrations as reading
from havenlight.casework.answers import as_json, checked, completed
from havenlight.casework.codebook import Codebook
from havenlight.casework.codes import Confidence, CorrectionReason, Reason
from havenlight.casework.errors import (
    AnswersRefused,
    CorrectionRefused,
    LinkRefused,
    MergeRefused,
    Refusal,
    SecondCodingRefused,
)
from havenlight.casework.models import (
    Case,
    Contact,
    ContactYear,
    Correction,
    Link,
    Merge,
    Registration,
    SecondCoding,
)
from havenlight.casework.tree import root
from havenlight.team.models import Member


@transaction.atomic
def meet(began_on: date, conversations: Mapping[int, int] | None = None) -> Contact:
    """A contact that casework has not heard of yet; whose it is, a link or registration says.

    Args:
        conversations: how many it held until now, by year; None when nobody knows.
    """
    contact = Contact.objects.create(began_on=began_on)
    ContactYear.objects.bulk_create(
        ContactYear(contact=contact, year=year, conversations=count)
        for year, count in (conversations or {}).items()
    )
    return contact


def count_conversation(contact_id: UUID, year: int) -> None:
    """One conversation more of a contact; of one whose earlier ones are not known, none is."""
    of_contact = ContactYear.objects.filter(contact=contact_id)
    if of_contact.filter(year=year).update(conversations=F("conversations") + 1):
        return
    if of_contact.exists():
        ContactYear.objects.create(contact_id=contact_id, year=year, conversations=1)


@dataclass(frozen=True, slots=True)
class Coded:
    """What a member coded of one person, as it comes from her browser."""

    codebook: Codebook
    answers: Mapping[str, object]
    id: UUID = field(default_factory=uuid4)
    """That of the registration to be; given, so that the same is never registered twice."""


@transaction.atomic
def register(contact: Contact, case: Case | None, coded: Coded, by: Member) -> Registration:
    """Finish a registration made in `contact`; without a case, of a person who is new.

    What was not answered becomes an absence: nothing has to be guessed. Raises AnswersRefused when
    an answer is outside the codebook.
    """
    complete = _complete(coded.codebook, coded.answers)
    case = case or Case.objects.create()
    if not _is_about(contact, case):
        Link.objects.create(
            contact=contact,
            case=case,
            reason=Reason.SAME_CONVERSATION,
            confidence=Confidence.CERTAIN,
            by=by,
        )
    registration = Registration.objects.create(
        pk=coded.id,
        case=case,
        contact=contact,
        codebook=coded.codebook.version,
        answers=complete,
        finished_by=by,
    )
    audit.record(by.pk, "registered", registration)
    return registration


def _complete(codebook: Codebook, given: Mapping[str, object]) -> dict[str, str | int | list[str]]:
    """The answers as they are kept; a day that has begun nowhere yet is refused too."""
    answers = checked(codebook, given)
    tomorrow = timezone.now().date() + timedelta(days=1)
    to_come = [key for key, one in answers.items() if isinstance(one, date) and one > tomorrow]
    if to_come:
        raise AnswersRefused([Refusal(key, "is in the future") for key in to_come])
    return as_json(completed(codebook, answers))


@transaction.atomic
def correct(
    registration: Registration,
    answers: Mapping[str, object],
    reason: CorrectionReason,
    by: Member,
    *,
    seen: int,
) -> Correction:
    """Change a finished registration and keep what it was.

    Args:
        seen: how many corrections it had when it was looked at.
    Raises AnswersRefused when an answer is outside its codebook, CorrectionRefused when nothing
    would change or when a colleague corrected it meanwhile.
    """
    locked = Registration.objects.select_for_update().get(pk=registration.pk)
    if locked.corrections.count() != seen:
        raise CorrectionRefused("it was corrected meanwhile; look at it again")
    codebook = reading.book(locked.codebook)
    after = _complete(codebook, answers)
    if after == locked.answers:
        raise CorrectionRefused("no answer differs")
    correction = Correction.objects.create(
        registration=locked, reason=reason, before=locked.answers, after=after, by=by
    )
    locked.answers = after
    locked.save(update_fields=["answers"])
    audit.record(by.pk, "corrected", locked)
    return correction


def object_to(contact_id: UUID, at: datetime | None) -> None:
    """Count nothing that was or will be registered in this contact, since its visitor objects.

    None takes it back. What was published stays as it was: an edition is never made anew.
    """
    with transaction.atomic():
        contact = Contact.objects.get(pk=contact_id)
        if (contact.objects_at is None) == (at is None):
            return
        contact.objects_at = at
        contact.save(update_fields=["objects_at"])
        audit.record(None, "objected" if at else "took the objection back", contact)


@transaction.atomic
def code_again(
    registration: Registration, answers: Mapping[str, object], by: Member
) -> SecondCoding:
    """Keep a colleague's own coding of the same person, to compare; figures use the first.

    Raises AnswersRefused, or SecondCodingRefused for whoever coded it first, or a third time.
    """
    locked = Registration.objects.select_for_update().get(pk=registration.pk)
    if locked.finished_by_id == by.pk:
        raise SecondCodingRefused("whoever coded it first cannot be the second")
    if SecondCoding.objects.filter(registration=locked).exists():
        raise SecondCodingRefused("it was coded a second time already")
    codebook = reading.book(locked.codebook)
    complete = _complete(codebook, answers)
    second = SecondCoding.objects.create(registration=locked, answers=complete, by=by)
    audit.record(by.pk, "coded again", locked)
    return second


@transaction.atomic
def link(contact: Contact, case: Case, reason: Reason, confidence: Confidence, by: Member) -> Link:
    """Say that `contact` is about the person of `case`, beside whoever else it is about.

    Raises LinkRefused when it is said already.
    """
    _lock()
    if _is_about(contact, case):
        raise LinkRefused("this contact is linked to this person already")
    made = Link.objects.create(
        contact=contact, case=case, reason=reason, confidence=confidence, by=by
    )
    audit.record(by.pk, "linked", case)
    return made


@transaction.atomic
def unlink(link: Link, reason: Reason, by: Member) -> Case:
    """Take a contact out of a case; it goes to a case of its own, with what was registered in it.

    Raises LinkRefused when it is not linked any more.
    """
    _lock()
    if not Link.objects.filter(pk=link.pk, ended_at=None).update(**_ended(reason, by)):
        raise LinkRefused("this contact is not linked to this case any more")
    own = Case.objects.create(simulated=link.case.simulated)
    Link.objects.create(
        contact=link.contact, case=own, reason=reason, confidence=Confidence.CERTAIN, by=by
    )
    Registration.objects.filter(case=link.case, contact=link.contact).update(case=own)
    audit.record(by.pk, "unlinked", link.case)
    return own


@transaction.atomic
def merge(case: Case, into: Case, reason: Reason, confidence: Confidence, by: Member) -> Merge:
    """Say that two cases are one person; the case that stands for `into` then stands for both.

    Raises MergeRefused when they are one already, which is also how a circle would begin, or when
    one is simulated and the other is not.
    """
    _lock()
    merged = reading.merges()
    one, other = root(case.pk, merged), root(into.pk, merged)
    if one == other:
        raise MergeRefused("these cases are one already")
    if case.simulated != into.simulated:
        raise MergeRefused("a simulated person and a real one cannot be one")
    made = Merge.objects.create(
        case_id=one, into_id=other, reason=reason, confidence=confidence, by=by
    )
    audit.record(by.pk, "merged", made.case)
    return made


@transaction.atomic
def split(case: Case, reason: Reason, by: Member) -> None:
    """Undo the merge of `case`, which takes along what had been merged into it before.

    Raises MergeRefused when it is not merged.
    """
    _lock()
    if not Merge.objects.filter(case=case, ended_at=None).update(**_ended(reason, by)):
        raise MergeRefused("this case is not merged into another one")
    audit.record(by.pk, "split", case)


def _is_about(contact: Contact, case: Case) -> bool:
    into = reading.merges()
    linked = Link.objects.filter(contact=contact, ended_at=None).values_list("case_id", flat=True)
    return root(case.pk, into) in {root(each, into) for each in linked}


def _ended(reason: Reason, by: Member) -> dict[str, object]:
    return {"ended_at": timezone.now(), "ended_by": by, "ended_reason": reason}


def _lock() -> UUID | None:
    """Let merges and links go one after the other, or two at once could close a circle.

    The oldest case stands for all of them; SQLite has one writer anyway.
    """
    oldest = Case.objects.select_for_update().order_by("made_at", "pk").first()
    return oldest.pk if oldest else None
