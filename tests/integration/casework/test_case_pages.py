"""The pages of cases: judging who is one person, correcting, asking back, coding twice."""

import json
from datetime import date
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from havenlight.casework import actions, queries, versions, views
from havenlight.casework.codes import Confidence, CorrectionReason, Reason
from havenlight.casework.models import Link, Merge, Registration
from havenlight.team.codes import Role
from havenlight.team.models import Member, Organisation
from havenlight.team.permissions import HOLDERS, Right

pytestmark = pytest.mark.django_db

BOOK = versions.codebook("2026-1")
HERS: dict[str, object] = {
    "contact_kind": "help",
    "role": "victim",
    "help_question": ["trafficking"],
    "age": 16,
}


def make_member(alias: str, role: Role = Role.COUNSELLOR) -> Member:
    return Member.objects.create(email=f"{alias.lower()}@example.org", alias=alias, role=role)


@pytest.fixture
def anna() -> Member:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    Organisation.objects.create(
        name="Havenlight",
        time_zone="Europe/Amsterdam",
        default_language="nl",
        signing_key=bytes(65),
        is_demo=True,
    )
    return make_member("Anna")


def browser(member: Member) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(member)
    return client


def registered(
    by: Member, day: date, answers: dict[str, object] | None = None, number: int | None = None
) -> Registration:
    coded = actions.Coded(BOOK, answers or HERS)
    if number is not None:
        coded = actions.Coded(BOOK, answers or HERS, UUID(int=number))
    return actions.register(actions.meet(day), None, coded, by)


def pages(registration: Registration) -> list[str]:
    one = registration.pk.hex
    fixed = ["/cases/", "/cases/questions", "/cases/agreement"]
    return [
        *fixed,
        f"/cases/{registration.case_id.hex}",
        f"/cases/registrations/{one}",
        f"/cases/registrations/{one}/again",
    ]


@pytest.mark.parametrize("role", Role)
def test_only_who_counsels_sees_a_page_of_cases(anna: Member, role: Role) -> None:
    registration = registered(anna, date(2026, 1, 1))
    Member.objects.filter(pk=anna.pk).update(role=role)
    client = browser(anna)
    statuses = {client.get(page).status_code for page in pages(registration)}
    assert statuses == ({200} if role in HOLDERS[Right.CASES] else {403})
    assert {Client().get(page).status_code for page in pages(registration)} == {302}


def test_two_cases_are_put_together_and_taken_apart_with_their_history(anna: Member) -> None:
    client = browser(anna)
    first, later = registered(anna, date(2025, 5, 1)), registered(anna, date(2026, 2, 1))
    judged = {"into": first.case_id, "reason": "said_so", "confidence": "probable"}
    merged = client.post(f"/cases/{later.case_id.hex}/merge", judged, follow=True)
    # The page of a case that was merged is that of the person.
    assert merged.redirect_chain[-1][0] == f"/cases/{first.case_id.hex}"
    assert "The person first seen on 1 May 2025" in merged.text
    again = client.post(f"/cases/{first.case_id.hex}/merge", judged)
    assert (again.status_code, "one person already" in again.text) == (409, True)
    client.post(f"/cases/{later.case_id.hex}/split", {"reason": "mistake"})
    page = client.get(f"/cases/{later.case_id.hex}")
    assert "The person first seen on 1 February 2026" in page.text
    assert "taken apart:" in page.text
    assert Merge.objects.get().ended_by == anna


def test_a_contact_that_was_about_someone_else_is_taken_out(anna: Member) -> None:
    client, registration = browser(anna), registered(anna, date(2026, 2, 1))
    link = Link.objects.get()
    path = f"/cases/links/{link.pk}/end"
    assert client.post(path, {"reason": "because"}).status_code == 409
    assert client.post(path, {"reason": "other_person"}).status_code == 302
    registration.refresh_from_db()
    assert registration.case_id != link.case_id
    refused = client.post(path, {"reason": "other_person"})
    assert (refused.status_code, "already" in refused.text) == (409, True)


def test_a_correction_shows_what_became_what_and_why(anna: Member) -> None:
    client, registration = browser(anna), registered(anna, date(2026, 2, 1))
    path = f"/cases/registrations/{registration.pk.hex}"
    given = {"answers": json.dumps(HERS | {"age": 15}), "reason": "learned_later", "seen": "0"}
    assert client.post(path, given).status_code == 302
    page = client.get(path).text
    assert "learned later" in page
    assert "<del>16</del>" in page
    assert "<ins>15</ins>" in page
    meanwhile = client.post(path, given | {"answers": json.dumps(HERS)})
    assert (meanwhile.status_code, "corrected it meanwhile" in meanwhile.text) == (409, True)
    outside = client.post(path, given | {"answers": json.dumps(HERS | {"age": 300}), "seen": "1"})
    assert (outside.status_code, "age: must be 0 to 120" in outside.text) == (409, True)


def test_a_long_list_is_read_by_the_page_and_by_the_year(
    anna: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "AT_A_TIME", 2)
    monkeypatch.setattr(views, "MOST_OFFERED", 2)
    made = [registered(anna, date(year, 5, 1)) for year in (2024, 2025, 2025, 2026)]
    client = browser(anna)
    first, second, odd, year = (
        client.get(f"/cases/{asked}")
        for asked in ("", "?page=2", "?page=x&year=20266", "?year=2025")
    )
    assert "1 to 2 of 4" in first.text
    assert "3 to 4 of 4" in second.text
    assert [row.case for row in odd.context["cases"]] == [
        row.case for row in first.context["cases"]
    ]
    assert {row.case for row in year.context["cases"]} == {one.case_id for one in made[1:3]}
    assert made[0].case_id.hex in second.text
    path = f"/cases/{made[3].case_id.hex}"
    assert made[0].case_id.hex not in client.get(path).text
    assert made[0].case_id.hex in client.get(f"{path}?year=2024").text


def test_contradictions_come_first_and_block_nothing(anna: Member) -> None:
    registered(anna, date(2026, 2, 1), {"contact_kind": "silent"})
    odd = registered(anna, date(2026, 2, 2), HERS | {"age": 12, "duration_months": 300})
    registered(anna, date(2026, 2, 3))
    rows = queries.to_ask("en")
    assert rows[0].registration == odd
    assert rows[0].questions == (
        "The exploitation lasts longer than she is old. Are age and duration right?",
    )
    assert "Gender" in rows[1].missing
    assert "Are age and duration right?" in browser(anna).get("/cases/questions").text


def test_a_colleague_codes_the_sample_again_and_agreement_is_by_variable(anna: Member) -> None:
    bram = make_member("Bram")
    ages = (13, 14, 15, 16)
    for number, age in enumerate(ages, start=1):
        registered(anna, date(2026, 2, 1), HERS | {"age": age}, number=number * 10)
    registered(anna, date(2026, 2, 1), number=11)
    assert not queries.to_code_again(anna)
    client = browser(bram)
    for one, age in zip(queries.to_code_again(bram), (13, 14, 15, 17), strict=True):
        path = f"/cases/registrations/{one.pk.hex}/again"
        assert "16</" not in client.get(path).text
        given = {"answers": json.dumps(HERS | {"age": age})}
        assert client.post(path, given).status_code == 302
        assert client.post(path, given).status_code == 409
    page = client.get("/cases/agreement").text
    assert "4 persons coded twice under codebook 2026-1" in page
    assert not queries.to_code_again(bram)


def test_what_a_merge_or_correction_needs_is_refused_when_it_is_made_up(anna: Member) -> None:
    client, registration = browser(anna), registered(anna, date(2026, 2, 1))
    case = registration.case_id.hex
    made_up = UUID(int=5)
    sound = {"into": made_up, "reason": Reason.SAID_SO, "confidence": Confidence.CERTAIN}
    assert client.post(f"/cases/{case}/merge", sound).status_code == 404
    for bad in ({"into": "x"}, {"reason": Reason.IMPORTED}, {"confidence": "sure"}):
        assert client.post(f"/cases/{case}/merge", sound | bad).status_code == 409
    path = f"/cases/registrations/{registration.pk.hex}"
    for answers in ("", "not json", "[]"):
        given = {"answers": answers, "reason": CorrectionReason.SLIP, "seen": 0}
        assert client.post(path, given).status_code in {200, 409}
    assert not registration.corrections.exists()
    assert not Merge.objects.exists()
