"""What others may read of cases, as typed rows; `registrations.py` has those of a year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from havenlight.casework import registrations
from havenlight.casework.answers import checked
from havenlight.casework.codebook import Codebook
from havenlight.casework.models import Case, Correction, Link, Merge, Registration, SecondCoding
from havenlight.casework.questions import missing, questions
from havenlight.casework.tree import members, root
from havenlight.team.models import Member


@dataclass(frozen=True, slots=True)
class CaseOfContact:
    """A person whom a contact is about."""

    case: UUID
    first_seen_on: date
    registrations: int


def cases_of_contact(contact: UUID) -> tuple[CaseOfContact, ...]:
    """The persons a contact is about now, who was seen first first."""
    into, first = registrations.merges(), registrations.first_seen()
    linked = Link.objects.filter(contact=contact, ended_at=None).values_list("case", flat=True)
    rows = [
        CaseOfContact(
            case,
            first[case],
            Registration.objects.filter(case__in=members(case, into)).count(),
        )
        for case in {root(one, into) for one in linked}
    ]
    return tuple(sorted(rows, key=lambda row: (row.first_seen_on, row.case)))


KNOWN_BY = ("role", "age_band", "gender", "province", "forms", "relation")
"""What a counsellor knows a person again by."""


def known_of(coded: list[Registration], language: str) -> tuple[str, ...]:
    """What her last registration says of the variables in KNOWN_BY, else the kind of contact."""
    last = coded[-1]
    book = registrations.book(last.codebook)

    def said(*keys: str) -> tuple[str, ...]:
        words = [label_of(book, key, last.answers.get(key), language) for key in keys]
        return tuple(word for word in words if word)

    return said(*KNOWN_BY) or said("contact_kind")


def label_of(book: Codebook, key: str, answer: object, language: str) -> str:
    """The words of an answer's codes; empty for an absence."""
    variable = book.variables.get(key)
    if variable is None:
        return ""
    codes = [variable.code(str(one)) for one in (answer if isinstance(answer, list) else [answer])]
    return ", ".join(code.label.in_language(language) for code in codes if code)


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that is known of how a person came to be one case."""

    case: UUID
    first_seen_on: date | None
    simulated: bool
    links: list[Link]
    """Every contact ever linked to her, also those that are not any more, oldest first."""
    merges: list[Merge]
    """Every merge of a case that is hers now, ended or not, oldest first."""
    registrations: list[Registration]


def case_page(case: UUID) -> CasePage:
    """The person a case is part of now."""
    into = registrations.merges()
    stands_for = root(case, into)
    hers = members(stands_for, into)
    links = Link.objects.filter(case__in=hers).select_related("contact", "by", "ended_by")
    merges = Merge.objects.filter(Q(case__in=hers) | Q(into__in=hers))
    return CasePage(
        stands_for,
        registrations.first_seen().get(stands_for),
        Case.objects.get(pk=stands_for).simulated,
        list(links.order_by("at", "pk")),
        list(merges.select_related("by", "ended_by").order_by("at", "pk")),
        list(Registration.objects.filter(case__in=hers).select_related("finished_by")),
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """One correction, as its reader wants it: what became what."""

    correction: Correction
    changes: tuple[tuple[str, str, str], ...]
    """Label, before and after, of each variable that differs."""


def history_of(registration: Registration, language: str) -> list[Changed]:
    """The corrections of a registration, oldest first."""
    book = registrations.book(registration.codebook)
    return [
        Changed(one, tuple(_changes(book, one, language)))
        for one in registration.corrections.select_related("by")
    ]


def _changes(book: Codebook, one: Correction, language: str) -> Iterator[tuple[str, str, str]]:
    for key, variable in book.variables.items():
        before, after = one.before.get(key), one.after.get(key)
        if before != after:
            words = [words_of(book, key, answer, language) for answer in (before, after)]
            yield variable.label.in_language(language), words[0], words[1]


def words_of(book: Codebook, key: str, answer: object, language: str) -> str:
    """An answer in the reader's words, whatever kind it is of."""
    for absence, text in book.absences.items():
        if answer == absence:
            return text.in_language(language).partition(":")[0]
    return label_of(book, key, answer, language) or str(answer)


SAMPLE_ONE_IN = 10
"""Every tenth registration is to be coded by a second person. Ids are random, so they choose."""


def to_code_again(member: Member) -> list[Registration]:
    """The registrations in the sample that a colleague finished and nobody coded again."""
    found = Registration.objects.filter(simulated=False, second=None).exclude(finished_by=member)
    return [one for one in found if one.pk.int % SAMPLE_ONE_IN == 0]


def coded_twice() -> list[tuple[Registration, SecondCoding]]:
    """Every registration with a second coding, and that."""
    found = SecondCoding.objects.select_related("registration").order_by("pk")
    return [(one.registration, one) for one in found]


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A registration that makes one ask something back."""

    registration: Registration
    questions: tuple[str, ...]
    missing: tuple[str, ...]
    """Labels of what came up and was not asked."""


def to_ask(language: str) -> list[ToAsk]:
    """Registrations with contradictory or missing answers, the contradictory and latest first."""
    found = Registration.objects.filter(simulated=False).select_related("finished_by")
    rows = [_to_ask(one, language) for one in found]
    asking = [row for row in reversed(rows) if row.questions or row.missing]
    return sorted(asking, key=lambda row: not row.questions)


def questions_of(registration: UUID, language: str) -> tuple[str, ...]:
    """What a registration makes one ask back, in the reader's words."""
    return _to_ask(Registration.objects.get(pk=registration), language).questions


def _to_ask(one: Registration, language: str) -> ToAsk:
    book = registrations.book(one.codebook)
    answers = checked(book, one.answers)
    labels = [book.variables[key].label.in_language(language) for key in missing(book, answers)]
    asked_back = [question.text.in_language(language) for question in questions(book, answers)]
    return ToAsk(one, tuple(asked_back), tuple(labels))
