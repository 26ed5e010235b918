"""Registrations and persons of a year as typed rows: what figures, reports and exports read."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from uuid import UUID

from django.db.models import QuerySet

from havenlight.casework import versions
from havenlight.casework.answers import checked, finished
from havenlight.casework.codebook import Answers, Codebook
from havenlight.casework.maps import Map, read_map, translated
from havenlight.casework.models import Contact, ContactYear, Link, Merge, Registration
from havenlight.casework.persons import combined, is_about_trafficking, is_victim
from havenlight.casework.tree import first_days, root


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """One finished registration, as it was corrected last."""

    id: UUID
    case: UUID
    """The case that stands for the person now, after every merge and split."""
    first_seen_on: date
    """The day of that person's first conversation, in the organisation's time zone."""
    codebook: str
    answers: Answers
    """Every variable of that codebook."""
    simulated: bool
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person, from all her registrations together (`persons.combined`)."""

    case: UUID
    first_seen_on: date
    codebook: str
    """The newest among her registrations; the others were brought to it by its maps."""
    answers: Answers
    simulated: bool
    is_victim: bool
    """A counsellor marked a trafficking help question about herself, in one registration at least:
    a victim in the figures."""
    is_about_trafficking: bool
    """One was marked, by herself or by someone else about her."""
    registrations: int
    conversations: int | None
    """In the year she was first seen, without those whose visitor objects; None: nobody knows."""


def registrations(year: int, *, simulated: bool) -> Iterator[RegistrationRow]:
    """The registrations of every person first seen in `year`, oldest first.

    What its visitor objected to is left out; so it is of figures and exports, which read this.
    """
    into = merges()
    first = first_seen()
    found = _counted(simulated=simulated)
    for one in found.iterator():
        case = root(one.case_id, into)
        seen = first.get(case)
        if seen is not None and seen.year == year:
            yield RegistrationRow(
                one.pk,
                case,
                seen,
                one.codebook,
                checked(book(one.codebook), one.answers),
                one.simulated,
                one.finished_at,
            )


def persons(year: int, *, simulated: bool) -> Iterator[PersonRow]:
    """Every person first seen in `year` who was registered, each once, in the order of that day."""
    of_case: dict[UUID, list[RegistrationRow]] = defaultdict(list)
    for row in registrations(year, simulated=simulated):
        of_case[row.case].append(row)
    held = conversations(year)
    for rows in sorted(of_case.values(), key=lambda rows: (rows[0].first_seen_on, rows[0].case)):
        yield _person(rows, held.get(rows[0].case, 0))


def years(*, simulated: bool) -> list[int]:
    """The years in which anyone who was registered was first seen, in order."""
    cases = _counted(simulated=simulated).values_list("case", flat=True)
    into, first = merges(), first_seen()
    seen = {first.get(root(case, into)) for case in cases.distinct()}
    return sorted({day.year for day in seen if day is not None})


def conversations(year: int) -> dict[UUID, int | None]:
    """How many conversations there were about each person in `year`, over all her contacts.

    By the case that stands for her. None when of one of her contacts nobody knows. A contact whose
    visitor objects is left out; a conversation about two persons is one of each.
    """
    into = merges()
    counts = dict(ContactYear.objects.filter(year=year).values_list("contact", "conversations"))
    unknown = set(Contact.objects.filter(years=None).values_list("pk", flat=True))
    links = Link.objects.filter(ended_at=None, contact__objects_at=None)
    held: dict[UUID, int | None] = {}
    for case, contact in {
        (root(case, into), contact) for case, contact in links.values_list("case", "contact")
    }:
        before = held.get(case, 0)
        if before is None or contact in unknown:
            held[case] = None
        else:
            held[case] = before + counts.get(contact, 0)
    return held


def _counted(*, simulated: bool) -> QuerySet[Registration]:
    """The registrations whose visitor has not objected that they are used."""
    return Registration.objects.filter(simulated=simulated, contact__objects_at=None)


def merges() -> dict[UUID, UUID]:
    """Each case that is merged now, and into which."""
    return dict(Merge.objects.filter(ended_at=None).values_list("case_id", "into_id"))


def first_seen() -> dict[UUID, date]:
    """The day on which each person was first seen, by the case that stands for her."""
    into = merges()
    days = Link.objects.filter(ended_at=None).values_list("case_id", "contact__began_on")
    return first_days(days.iterator(), lambda case: root(case, into))


def _person(rows: Sequence[RegistrationRow], held: int | None) -> PersonRow:
    order = _published()
    newest = max((row.codebook for row in rows), key=order.index)
    answers = [brought_to(newest, row.codebook, row.answers) for row in rows]
    return PersonRow(
        rows[0].case,
        rows[0].first_seen_on,
        newest,
        combined(book(newest), answers) if len(answers) > 1 else answers[0],
        rows[0].simulated,
        any(is_victim(each) for each in answers),
        any(is_about_trafficking(each) for each in answers),
        len(rows),
        held,
    )


@lru_cache
def book(version: str) -> Codebook:
    """A published codebook, which never changes."""
    return versions.codebook(version)


def brought_to(newest: str, version: str, answers: Answers) -> Answers:
    """Answers of an earlier version under `newest`, step by step."""
    order = _published()
    for old, new in pairwise(order[order.index(version) : order.index(newest) + 1]):
        answers = finished(book(new), translated(_map(old, new), answers).answers)
    return answers


@lru_cache(maxsize=1)
def _published() -> tuple[str, ...]:
    return tuple(versions.published_hashes())


def forget_books() -> None:
    """Read the codebooks anew: where they are kept has changed."""
    for cached in (book, _published, _map):
        cached.cache_clear()


@lru_cache
def _map(old: str, new: str) -> Map:
    return read_map(versions.SHIPPED, book(old), book(new))
