"""Going on duty and off, and who counts as there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from havenlight.team import duty
from havenlight.team.codes import Role, Standing
from havenlight.team.models import Duty, Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Member:
    return Member.objects.create(email="anna@example.org", alias="Anna", role=Role.COUNSELLOR)


def stretches() -> list[tuple[str, bool]]:
    found = Duty.objects.order_by("pk").values_list("standing", "ended_at")
    return [(standing, ended_at is not None) for standing, ended_at in found]


def silence(minutes: int) -> None:
    ago = timezone.now() - timedelta(minutes=minutes)
    Duty.objects.update(began_at=ago, seen_at=ago)


def test_each_change_ends_a_stretch_and_going_off_begins_none(anna: Member) -> None:
    for standing in (Standing.ON, Standing.ON, Standing.BREAK, Standing.ON, Standing.OFF):
        duty.go(anna, standing)
        assert duty.standing_of(anna) == standing
    assert stretches() == [("on", True), ("break", True), ("on", True)]
    assert duty.on_duty() == []


def test_who_is_on_duty_is_told_with_her_alias_and_who_has_a_break_too(anna: Member) -> None:
    bram = Member.objects.create(email="bram@example.org", alias="Bram", role=Role.COUNSELLOR)
    duty.go(bram, Standing.BREAK)
    duty.go(anna, Standing.ON)
    assert [(one.member.alias, one.standing) for one in duty.on_duty()] == [
        ("Anna", Standing.ON),
        ("Bram", Standing.BREAK),
    ]


def test_a_desk_that_went_silent_went_off_duty_when_it_was_last_seen(anna: Member) -> None:
    duty.go(anna, Standing.ON)
    silence(16)
    assert duty.standing_of(anna) == Standing.OFF
    assert duty.on_duty() == []
    assert duty.seen(anna) == Standing.OFF
    (stretch,) = Duty.objects.all()
    assert stretch.ended_at == stretch.seen_at


def test_a_desk_that_asks_keeps_her_on_duty(anna: Member) -> None:
    duty.go(anna, Standing.ON)
    silence(10)
    assert duty.seen(anna) == Standing.ON
    (stretch,) = Duty.objects.all()
    assert timezone.now() - stretch.seen_at < timedelta(minutes=1)


def test_an_account_that_was_closed_is_not_on_duty(anna: Member) -> None:
    duty.go(anna, Standing.ON)
    Member.objects.update(is_active=False)
    assert duty.on_duty() == []
