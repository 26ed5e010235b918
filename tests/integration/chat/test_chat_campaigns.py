"""Links of our own: each leads to the chat, and only totals of months that are over are told."""

from datetime import UTC, date, datetime
from http import HTTPStatus

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from havenlight.audit.models import Entry
from havenlight.chat import campaigning
from havenlight.chat.campaigning import Month
from havenlight.chat.codes import CampaignKind
from havenlight.chat.errors import NameTaken, NotAllowed
from havenlight.chat.models import Campaign, CampaignMonth, Conversation
from havenlight.team.codes import Role
from havenlight.team.models import Epoch, Member
from tests.integration.organisation import make_organisation

pytestmark = pytest.mark.django_db

PERSON = {"Sec-Fetch-Dest": "document", "Accept-Language": "nl"}
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _helpline() -> None:
    Epoch.objects.create(number=1, public=bytes(65), manifest="x")
    make_organisation()


@pytest.fixture
def member() -> Member:
    return Member.objects.create(email="c@example.org", alias="C", role=Role.COORDINATOR)


def make(member: Member, name: str = "fern", language: str = "") -> None:
    campaigning.make(member, name, "Cards of June", CampaignKind.INVITATION, language)


def opened(name: str) -> int:
    return sum(row.opened for row in CampaignMonth.objects.filter(campaign=name))


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [("/c/fern", "/en"), ("/c/Fern", "/en"), ("/c/fren", "/"), ("/c/ти", "/")],
)
def test_any_link_leads_to_the_chat_and_says_nothing_there(
    member: Member, path: str, leads_to: str
) -> None:
    make(member, language="en")
    answer = Client().get(path, headers=PERSON)
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, leads_to)
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert b"fern" not in Client().get(leads_to, headers=PERSON).content


def test_a_language_that_is_off_leads_to_that_of_her_browser(member: Member) -> None:
    make(member, language="ti")
    assert Client().get("/c/fern", headers=PERSON)["Location"] == "/"


def test_only_a_page_that_a_person_opens_is_counted(member: Member) -> None:
    make(member)
    for headers in ({}, {"Sec-Fetch-Dest": "image"}, {**PERSON, "Sec-Purpose": "prefetch"}):
        Client().get("/c/fern", headers=headers)
    Client().head("/c/fern", headers=PERSON)
    Client().get("/c/nothing", headers=PERSON)
    assert opened("fern") == 0
    for _ in range(3):
        Client().get("/c/FERN", headers=PERSON)
    assert opened("fern") == 3
    assert not Conversation.objects.exists()
    assert {field.name for field in CampaignMonth._meta.get_fields()} == {
        *("id", "campaign", "month", "opened")
    }


def test_a_month_is_told_when_it_is_over_and_few_are_never_told_from_none(
    member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = iter([date(2026, 11, 20)] * 3)
    monkeypatch.setattr(campaigning, "_today", lambda: next(days))
    for name in ("many", "few", "none"):
        make(member, name)
    for name, times in (("many", 5), ("few", 4)):
        row = Campaign.objects.get(pk=name)
        CampaignMonth.objects.create(campaign=row, month=NOVEMBER, opened=times)
        CampaignMonth.objects.create(campaign=row, month=DECEMBER, opened=50)
    monkeypatch.setattr(campaigning, "_today", lambda: date(2026, 11, 30))
    assert [row.months for row in campaigning.campaigns()] == [(), (), ()]
    monkeypatch.setattr(campaigning, "_today", lambda: date(2026, 12, 31))
    told = {row.name: row.months for row in campaigning.campaigns()}
    assert told == {
        "many": (Month(NOVEMBER, 5),),
        "few": (Month(NOVEMBER, None),),
        "none": (Month(NOVEMBER, None),),
    }


def test_a_closed_link_still_leads_to_the_chat_and_counts_no_more(member: Member) -> None:
    make(member)
    campaigning.close(member, "fern")
    assert Client().get("/c/fern", headers=PERSON)["Location"] == "/"
    assert opened("fern") == 0
    with pytest.raises(NotAllowed):
        campaigning.close(member, "fern")
    with pytest.raises(NameTaken):
        make(member)
    verbs = Entry.objects.order_by("id").values_list("verb", "kind", "subject")
    assert list(verbs) == [
        ("made a link", "chat.campaign", "fern"),
        ("closed a link", "chat.campaign", "fern"),
    ]


def test_totals_stand_in_one_row_a_month(member: Member) -> None:
    make(member)
    row = Campaign.objects.get(pk="fern")
    CampaignMonth.objects.create(campaign=row, month=NOVEMBER)
    for month in (NOVEMBER, date(2026, 11, 2)):
        with pytest.raises(IntegrityError), transaction.atomic():
            CampaignMonth.objects.create(campaign=row, month=month)
    before = datetime(2020, 1, 1, tzinfo=UTC).date()
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk="fern").update(closed_on=before)


def test_a_coordinator_makes_a_link_and_prints_cards_in_its_language(member: Member) -> None:
    browser = Client()
    browser.force_login(member)
    page = browser.get(reverse("console:links"))
    name = page.context["form"].initial["name"]
    given = {"kind": "invitation", "told": "Night bus", "name": name, "language": "nl"}
    made = browser.post(reverse("console:links"), given)
    assert made["Location"] == f"/desk/links#{name}"
    assert browser.post(reverse("console:links"), given).status_code == HTTPStatus.CONFLICT
    plain = browser.get(reverse("console:card", args=[name]))
    assert f"/c/{name}" in plain.content.decode()
    words = browser.get(reverse("console:card", args=[name]), {"words": ""})
    said = "Hier kun je met iemand praten"
    assert said in words.content.decode()
    assert said not in plain.content.decode()
    closed = browser.post(reverse("console:close-link", args=[name]))
    assert closed["Location"] == reverse("console:links")
    assert browser.post(reverse("console:close-link", args=[name])).status_code == 404
    assert browser.get(reverse("console:card", args=["other"])).status_code == 404
