"""What figures read: every person of a year once, in both units, as she was corrected last."""

from datetime import date

import pytest
from django.core.management import call_command

from havenlight.casework import actions, registrations, versions
from havenlight.casework.answers import as_json, finished
from havenlight.casework.codes import Confidence, CorrectionReason, Reason
from havenlight.casework.errors import (
    AnswersRefused,
    CorrectionRefused,
    SecondCodingRefused,
    SimulationRefused,
)
from havenlight.casework.models import Case, Correction, Registration
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
    sound = actions.NewCase((date(2025, 1, 1),), answers)
    with pytest.raises(ValueError, match="a person needs a day of contact"):
        actions.write([sound, actions.NewCase((), answers)], BOOK, simulated=False, by=anna)
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
    contact = actions.meet(date(2026, 2, 1))
    actions.register(contact, None, actions.Coded(BOOK, HERS), anna)
    actions.register(contact, None, actions.Coded(BOOK, HERS | {"age": 12}), anna)
    ages = [person.answers["age"] for person in registrations.persons(2026, simulated=False)]
    assert sorted(ages, key=str) == [12, 16]


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
