"""Service figures as coordinators see them; nobody else does, and practice is in none of them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from havenlight.chat.models import Conversation, Thread
from havenlight.chat.states import By, State
from havenlight.team import duty
from havenlight.team.codes import Role, Standing
from havenlight.team.models import Duty, Member
from tests.integration.organisation import make_organisation

pytestmark = pytest.mark.django_db


def make_member(role: Role) -> Member:
    return Member.objects.create(email=f"{role}@example.org", alias="Anna", role=role)


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def coordinator() -> Member:
    make_organisation()
    return make_member(Role.COORDINATOR)


def make(member: Member | None, minutes_ago: float, *, is_practice: bool = False) -> None:
    """A conversation that began so long ago; with a member it was answered after a minute."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    answered = {
        "state": State.ENDED,
        "counsellor": member,
        "accepted_at": at + timedelta(minutes=1),
        "ended_at": at + timedelta(minutes=41),
        "ended_by": By.MEMBER,
    }
    Conversation.objects.create(
        pk=uuid4(),
        thread=Thread.objects.create(),
        language="nl",
        epoch=1,
        tab_check=bytes(32),
        started_at=at,
        is_practice=is_practice,
        **(answered if member else {}),
    )


def test_now_counts_who_waits_and_who_is_on_duty_without_practice(coordinator: Member) -> None:
    make(None, 5)
    make(None, 1)
    make(None, 1, is_practice=True)
    duty.go(coordinator, Standing.ON)
    now = signed_in(coordinator).get("/desk/service/now").json()
    assert (now["waiting"], now["longest"], now["active"], now["on_duty"]) == (2, 5, 0, 1)


def test_a_month_is_counted_and_shown_with_its_plot_and_its_table(coordinator: Member) -> None:
    for minutes in range(6):
        make(coordinator, minutes)
    make(coordinator, 1, is_practice=True)
    began = timezone.now() - timedelta(minutes=2)
    Duty.objects.create(member=coordinator, standing=Standing.ON, began_at=began)
    answer = signed_in(coordinator).get("/desk/service", {"at_once": "1"})
    page = answer.content.decode()
    total = answer.context["total"]
    # Minutes before midnight of the first of a month would be in the month before.
    assert 1 <= total.offered <= 6
    assert total.answered == total.offered
    assert total.wait.p90 == 60
    assert total.length.p50 == 2400
    assert page.count("<rect") == 24
    assert "<polyline" in page
    assert "style=" not in page
    assert sum(hour.counts.offered for hour, _ in answer.context["hours"]) == total.offered
    assert sum(hour.on_duty for hour, _ in answer.context["hours"]) > 0
    assert max(needed for _, needed in answer.context["hours"]) >= 1


def test_a_day_of_the_week_can_be_chosen(coordinator: Member) -> None:
    make(coordinator, 0)
    today = timezone.now().weekday()
    for weekday, expected in ((today, 1), ((today + 1) % 7, 0)):
        answer = signed_in(coordinator).get("/desk/service", {"weekday": weekday})
        found = sum(hour.counts.offered for hour, _ in answer.context["hours"])
        assert found == expected


def test_without_any_conversation_the_page_says_so_in_dashes(coordinator: Member) -> None:
    page = signed_in(coordinator).get("/desk/service").content.decode()
    assert "–" in page


@pytest.mark.parametrize("asked", [{"month": "1999-01"}, {"weekday": "9"}, {"at_once": "0"}])
def test_what_cannot_be_asked_is_told_at_its_field(
    coordinator: Member, asked: dict[str, str]
) -> None:
    answer = signed_in(coordinator).get("/desk/service", asked)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert "total" not in answer.context


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_nobody_but_coordinators_sees_them(coordinator: Member, role: Role) -> None:
    client = signed_in(make_member(role))
    for path in ("/desk/service", "/desk/service/now"):
        assert client.get(path).status_code == 403
        assert Client().get(path).status_code == 302
