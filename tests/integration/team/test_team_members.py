"""Inviting, joining, changing a role and removing, and what each refuses."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.utils import timezone

from havenlight.audit.models import Entry
from havenlight.core import hints
from havenlight.team import invitations, members
from havenlight.team.codes import Role
from havenlight.team.entrance_models import Invitation, MemberSession
from havenlight.team.errors import MemberRefused, NotAllowed
from havenlight.team.models import Member, MemberKey
from havenlight.team.permissions import may_give
from havenlight.team.ways_in import Second

pytestmark = pytest.mark.django_db


def make_member(alias: str, role: Role = Role.COUNSELLOR) -> Member:
    return Member.objects.create(email=f"{alias.lower()}@example.org", alias=alias, role=role)


@pytest.fixture
def coordinator() -> Member:
    return make_member("Coordinator", Role.COORDINATOR)


def join(token: str, **given: Any) -> Member:
    check = invitations.check_of(token)
    member = invitations.invited_by(check)
    second = Second(totp=generate_totp_secret())
    members.join(member, check, **{"password": "a long enough word", "second": second, **given})
    return Member.objects.get(pk=member.pk)


def test_who_is_invited_joins_by_her_link_and_only_once(coordinator: Member) -> None:
    link = members.invite("dewi@example.org", "Dewi", Role.COUNSELLOR, coordinator)
    dewi = Member.objects.get(alias="Dewi")
    assert (dewi.is_active, dewi.has_usable_password()) == (False, False)
    assert join(link.token).is_active
    with pytest.raises(NotAllowed):
        join(link.token)
    assert [*Entry.objects.values_list("verb", flat=True)] == ["invited", "joined"]


def test_of_a_link_only_a_hash_is_stored_and_it_lasts_72_hours(coordinator: Member) -> None:
    link = members.invite("dewi@example.org", "Dewi", Role.COUNSELLOR, coordinator)
    row = Invitation.objects.get()
    assert bytes(row.check_value) == invitations.check_of(link.token)
    assert timedelta(hours=71) < row.expires_at - timezone.now() <= timedelta(hours=72)
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(NotAllowed):
        join(link.token)


def test_a_new_link_voids_the_former_and_all_that_she_signed_in_with(coordinator: Member) -> None:
    first = members.invite("dewi@example.org", "Dewi", Role.COUNSELLOR, coordinator)
    dewi = join(first.token)
    MemberSession.objects.create(
        session_key="s" * 32, session_data="", expire_date=timezone.now(), member=dewi
    )
    before = {*Authenticator.objects.filter(user=dewi).values_list("pk", flat=True)}
    lost = members.invite_again(dewi, coordinator)
    found = members.invite_again(dewi, coordinator)
    with pytest.raises(NotAllowed):
        join(lost.token)
    assert Member.objects.get(pk=dewi.pk).check_password("a long enough word")
    dewi = join(found.token, password="another long word")
    assert dewi.check_password("another long word")
    assert not before & {*Authenticator.objects.filter(user=dewi).values_list("pk", flat=True)}
    assert not MemberSession.objects.filter(member=dewi).exists()


@pytest.mark.parametrize("by", Role)
@pytest.mark.parametrize("role", Role)
def test_nobody_gives_a_right_that_she_does_not_hold(by: Role, role: Role) -> None:
    giver = make_member("Giver", by)
    may = {
        Role.COORDINATOR: {Role.COUNSELLOR, Role.COORDINATOR, Role.RESEARCHER, Role.ADMINISTRATOR},
        Role.ADMINISTRATOR: {Role.ADMINISTRATOR},
    }
    assert may_give(giver, role) == (role in may.get(by, set()))
    anna = make_member("Anna", role)
    if not may_give(giver, role):
        with pytest.raises(NotAllowed):
            members.invite("new@example.org", "New", role, giver)
        with pytest.raises(NotAllowed):
            members.invite_again(anna, giver)
    else:
        members.invite("new@example.org", "New", role, giver)
        members.invite_again(anna, giver)


def test_an_address_is_invited_once_however_it_is_written(coordinator: Member) -> None:
    members.invite("dewi@example.org", "Dewi", Role.COUNSELLOR, coordinator)
    with pytest.raises(MemberRefused):
        members.invite("Dewi@Example.org", "Other", Role.COUNSELLOR, coordinator)


def test_who_is_removed_is_out_at_once_and_leaves_no_address(
    coordinator: Member, django_capture_on_commit_callbacks: Any
) -> None:
    anna = make_member("Anna")
    MemberKey.objects.create(member=anna, public=b"p", wrap=b"w", salt=b"s", iterations=1)
    MemberSession.objects.create(
        session_key="s" * 32, session_data="", expire_date=timezone.now(), member=anna
    )
    members.invite_again(anna, coordinator)
    told: list[object] = []
    disconnect = hints.connect(lambda hint: told.append(tuple(hint)))
    with django_capture_on_commit_callbacks(execute=True):
        members.remove(anna, coordinator)
    disconnect()
    anna.refresh_from_db()
    assert not anna.is_active
    assert "anna" not in anna.email
    assert not MemberSession.objects.filter(member=anna).exists()
    assert not MemberKey.objects.filter(member=anna).exists()
    assert not Invitation.objects.filter(member=anna).exists()
    assert ("b", anna.pk.hex) in told
    with pytest.raises(NotAllowed):
        members.remove(anna, coordinator)


def test_the_last_coordinator_stays_one(coordinator: Member) -> None:
    administrator = make_member("Administrator", Role.ADMINISTRATOR)
    with pytest.raises(MemberRefused):
        members.remove(coordinator, administrator)
    second = make_member("Second", Role.COORDINATOR)
    with pytest.raises(NotAllowed):  # to herself
        members.remove(second, second)
    members.change_role(coordinator, Role.RESEARCHER, second)
    with pytest.raises(MemberRefused):
        members.remove(second, administrator)


def test_who_no_longer_counsels_has_no_key(coordinator: Member) -> None:
    anna = make_member("Anna")
    MemberKey.objects.create(member=anna, public=b"p", wrap=b"w", salt=b"s", iterations=1)
    members.change_role(anna, Role.COORDINATOR, coordinator)
    assert MemberKey.objects.filter(member=anna).exists()
    members.change_role(anna, Role.RESEARCHER, coordinator)
    assert not MemberKey.objects.filter(member=anna).exists()
