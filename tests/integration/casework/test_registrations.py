"""What figures read: every person of a year once, in both units, as she was corrected last."""

from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone

from havenlight.casework import actions, erasing, registrations, versions
from havenlight.casework.answers import as_json, finished
from havenlight.casework.codes import Confidence, CorrectionReason, Reason
from havenlight.casework.errors import (
    AnswersRefused,
    CorrectionRefused,
    SecondCodingRefused,
    SimulationRefused,
)
from havenlight.casework.models import Case, Contact, Correction, Registration
from havenlight.casework.taking_in import NewCase, NewContact, write
from havenlight.team.codes import Role
from havenlight.team.models import Member

pytestmark = pytest.mark.django_db

BOOK = versions.codebook("2026-1")
HERS = {"contact_kind": "help", "role": "victim", "help_question": ["trafficking"], "age": 16}


def make_member(alias: str) -> Member:
    return Member.objects.create(
        email=f"{alias.lower()}@example.org", alias=alias, role=Role.COUNSELLOR
    )


@pytest.fixture
def anna() -> Member:
    return make_member("Anna")


def registered(by: Member, day: date, answers: dict[str, object] | None = None) -> Registration:
    """Someone who came for the first time on that day."""
    return actions.register(actions.meet(day), None, actions.Coded(BOOK, answers or HERS), by)


@pytest.mark.parametrize(("year", "visitors", "victims"), [(2019, 299, 266), (2021, 314, 285)])
def test_a_simulated_year_counts_in_both_units_as_it_was_published(
    year: int, visitors: int, victims: int
) -> None:
    call_command("simulate", "--year", str(year), "--database", verbosity=0)
    people = list(registrations.persons(year, simulated=True))
    assert sum(person.is_about_trafficking for person in people) == visitors
    assert sum(person.is_victim for person in people) == victims
    assert not list(registrations.persons(year, simulated=False))
    assert registrations.years(simulated=True) == [year]
    with pytest.raises(SimulationRefused, match=f"{year} is simulated in this database already"):
        call_command("simulate", "--year", str(year), "--database", verbosity=0)


def test_persons_written_together_are_all_written_or_none(anna: Member) -> None:
    answers = finished(BOOK, {"contact_kind": "help"})
    sound = NewCase((NewContact(date(2025, 1, 1), 2),), answers)
    with pytest.raises(ValueError, match="a person needs a day of contact"):
        write([sound, NewCase((), answers)], BOOK, simulated=False, by=anna)
    assert not Case.objects.exists()


def test_a_registration_is_complete_though_nothing_was_guessed(anna: Member) -> None:
    answers = registered(anna, date(2026, 1, 1)).answers
    assert answers.keys() == BOOK.variables.keys()
    assert (answers["age_band"], answers["gender"]) == ("16_17", "not_asked")
    assert answers["sincerity_reason"] == "not_applicable"


def test_answers_outside_the_codebook_are_refused_by_name(anna: Member) -> None:
    with pytest.raises(AnswersRefused, match="age: must be 0 to 120"):
        registered(anna, date(2026, 1, 1), HERS | {"age": 300})
    assert not Registration.objects.exists()


def test_two_contacts_of_one_person_count_once_in_the_year_of_the_first(anna: Member) -> None:
    first = registered(anna, date(2025, 12, 31), HERS | {"gender": "female"})
    later = registered(anna, date(2026, 1, 1), HERS | {"age": "refused", "forms": ["sexual"]})
    actions.merge(later.case, first.case, Reason.SAID_SO, Confidence.PROBABLE, anna)
    (person,) = registrations.persons(2025, simulated=False)
    assert (person.case, person.registrations) == (first.case_id, 2)
    assert (person.answers["age"], person.answers["forms"]) == (16, ("sexual",))
    assert person.answers["gender"] == "female"
    assert not list(registrations.persons(2026, simulated=False))


def test_a_victim_reported_by_a_friend_and_by_herself_is_one_victim(anna: Member) -> None:
    herself = registered(anna, date(2026, 1, 3))
    friend = registered(anna, date(2026, 1, 2), HERS | {"role": "friend", "age": 14})
    actions.merge(herself.case, friend.case, Reason.SEVERAL_REPORT, Confidence.CERTAIN, anna)
    (person,) = registrations.persons(2026, simulated=False)
    assert (person.is_victim, person.is_about_trafficking) == (True, True)
    assert (person.answers["role"], person.answers["age"]) == ("victim", 16)
    assert person.first_seen_on == date(2026, 1, 2)


def test_a_contact_about_two_victims_makes_two_persons(anna: Member) -> None:
    contact = actions.meet(date(2026, 2, 1), {2026: 2})
    actions.register(contact, None, actions.Coded(BOOK, HERS), anna)
    actions.register(contact, None, actions.Coded(BOOK, HERS | {"age": 12}), anna)
    people = list(registrations.persons(2026, simulated=False))
    assert sorted(person.answers["age"] for person in people) == [12, 16]  # type: ignore[type-var]
    assert [person.conversations for person in people] == [2, 2]


def conversations(year: int) -> list[int | None]:
    return [person.conversations for person in registrations.persons(year, simulated=False)]


def test_conversations_of_all_her_contacts_count_unless_one_is_not_known(anna: Member) -> None:
    coded = actions.Coded(BOOK, HERS)
    first = actions.register(actions.meet(date(2025, 5, 1), {2025: 2, 2026: 1}), None, coded, anna)
    assert conversations(2025) == [2]
    again = actions.meet(date(2025, 9, 1), {2025: 1})
    actions.link(again, first.case, Reason.SAID_SO, Confidence.CERTAIN, anna)
    actions.count_conversation(again.pk, 2025)
    assert conversations(2025) == [4]
    before = actions.meet(date(2025, 4, 1))
    actions.count_conversation(before.pk, 2025)
    link = actions.link(before, first.case, Reason.SAID_SO, Confidence.CERTAIN, anna)
    assert conversations(2025) == [None]
    actions.unlink(link, Reason.MISTAKE, anna)
    assert conversations(2025) == [4]


def test_what_a_visitor_objects_to_is_no_conversation_and_no_no(anna: Member) -> None:
    friend = actions.meet(date(2025, 5, 1), {2025: 3})
    first = actions.register(friend, None, actions.Coded(BOOK, HERS), anna)
    herself = actions.meet(date(2026, 1, 2), {2026: 1})
    actions.register(herself, first.case, actions.Coded(BOOK, HERS), anna)
    actions.object_to(friend.pk, timezone.now())
    assert conversations(2025) == [0]


def test_erased_registrations_take_along_how_often_she_came(anna: Member) -> None:
    contact = actions.meet(date(2025, 5, 1), {2025: 2})
    first, second = (
        actions.register(contact, None, actions.Coded(BOOK, HERS), anna) for _ in range(2)
    )
    erasing.erase([first.pk])
    assert Contact.objects.get() == contact
    erasing.erase([second.pk])
    assert not Contact.objects.exists()


def test_what_was_registered_in_a_contact_goes_with_it(anna: Member) -> None:
    first = registered(anna, date(2025, 5, 1))
    contact = actions.meet(date(2026, 5, 1))
    second = actions.register(contact, first.case, actions.Coded(BOOK, HERS), anna)
    link = second.case.links.get(contact=contact)
    actions.unlink(link, Reason.OTHER_PERSON, anna)
    for year, registration in ((2025, first), (2026, second)):
        rows = registrations.registrations(year, simulated=False)
        assert [row.id for row in rows] == [registration.pk]


def test_a_correction_keeps_what_was_and_says_why(anna: Member) -> None:
    registration = registered(anna, date(2026, 1, 1))
    before = registration.answers
    after = HERS | {"age": 17}
    actions.correct(registration, after, CorrectionReason.LEARNED_LATER, anna, seen=0)
    kept = Correction.objects.get()
    assert (kept.before, kept.before["age"], kept.after["age"]) == (before, 16, 17)
    (row,) = registrations.registrations(2026, simulated=False)
    assert row.answers["age"] == 17
    with pytest.raises(CorrectionRefused, match="meanwhile"):
        actions.correct(registration, HERS, CorrectionReason.SLIP, anna, seen=0)
    with pytest.raises(CorrectionRefused, match="no answer differs"):
        actions.correct(registration, as_json(row.answers), CorrectionReason.SLIP, anna, seen=1)


def test_a_second_coding_is_a_colleagues_and_changes_no_figure(anna: Member) -> None:
    registration = registered(anna, date(2026, 1, 1))
    with pytest.raises(SecondCodingRefused, match="cannot be the second"):
        actions.code_again(registration, HERS, anna)
    bram = make_member("Bram")
    actions.code_again(registration, HERS | {"age": 12}, bram)
    with pytest.raises(SecondCodingRefused, match="already"):
        actions.code_again(registration, HERS, bram)
    (row,) = registrations.registrations(2026, simulated=False)
    assert row.answers["age"] == 16
