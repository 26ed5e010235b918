"""The matrix: every address as every role, signed out, and with a password alone."""

import re
from http import HTTPStatus
from typing import Any
from uuid import UUID

import pytest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from havenlight.core.seal import manifest
from havenlight.core.seal.keys import new_key, public_of
from havenlight.core.seal.manifest import Manifest
from havenlight.site.addresses import WITHOUT_RIGHT, Address, addresses
from havenlight.team.codes import Role
from havenlight.team.models import Epoch, Member, MemberKey, Organisation
from havenlight.team.permissions import HOLDERS, Right
from tests.integration.organisation import make_organisation

pytestmark = pytest.mark.django_db

GATED = [one for one in addresses() if one.right is not None]
GIVEN: dict[str, object] = {"int": 1, "slug": "x", "str": "x", "id": UUID(int=1)}
"""What stands in an address where there must be something; nothing is there."""

TURNED_AWAY = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
WRONG_METHOD = HTTPStatus.METHOD_NOT_ALLOWED


@pytest.fixture(autouse=True)
def real(settings: Any) -> None:
    """No demo: a second factor is asked."""
    make_organisation()
    signing, team, day = new_key(), public_of(new_key()), timezone.localdate()
    Organisation.objects.update(signing_key=public_of(signing))
    said = Manifest(public_of(signing), False, 1, team, team, {}, day, day, None)
    Epoch.objects.create(number=1, public=team, manifest=manifest.sign(said, signing))
    settings.DEMO = False


def path_of(one: Address) -> str:
    """An address that fits the pattern."""
    converters = one.pattern.pattern.converters.items()
    kinds = {"UUIDConverter": "id", "IdConverter": "id", "IntConverter": "int"}
    given = {name: GIVEN[kinds.get(type(kind).__name__, "slug")] for name, kind in converters}
    return reverse(one.name, kwargs=given)


def make_member(role: Role) -> Member:
    """A member with a key, as one who counsels has it; here each role has one."""
    member = Member.objects.create(email=f"{role}@example.org", alias="M", role=role)
    public = public_of(new_key())
    MemberKey.objects.create(member=member, public=public, wrap=b"w", salt=b"s", iterations=1)
    return member


def browser(member: Member | None, *, second_factor: bool = True) -> Client:
    """A browser of a member as it is right after signing in, or of nobody."""
    client = Client(headers={"Origin": "http://127.0.0.1:8000"}, raise_request_exception=False)
    if member is not None:
        client.force_login(member)
        if second_factor:
            session = client.session
            session["account_authentication_methods"] = [{"method": "mfa", "at": 0, "id": 1}]
            session["account_authentication_methods_user"] = str(member.pk)
            session.save()
    return client


def asked(client: Client, one: Address) -> list[HttpResponseBase]:
    """What it answers to a GET, to a form and to JSON."""
    path = path_of(one)
    return [
        client.get(path),
        client.post(path, {}),
        client.post(path, {}, content_type="application/json"),
    ]


def is_refused(answer: HttpResponseBase) -> bool:
    """Whether a gate answered: by a refusal, or by sending to where one comes in."""
    if answer.status_code in TURNED_AWAY:
        return True
    if answer.status_code == HTTPStatus.FOUND:
        entrances = (reverse("account_login"), reverse("team:no-second-factor"))
        return answer["Location"].startswith(entrances)
    unknown = answer.status_code == HTTPStatus.NOT_FOUND
    return unknown and getattr(answer, "content", b"") == b'{"code": "unknown"}'


def is_no_answer(answer: HttpResponseBase) -> bool:
    """Whether the method, or the kind of body, was the wrong one: refused alike to everyone."""
    return answer.status_code in {WRONG_METHOD, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}


def test_every_address_is_opened_by_a_right_or_stands_in_one_line_of_the_others() -> None:
    elsewhere = [name for names in WITHOUT_RIGHT.values() for name in names]
    ungated = sorted({one.name for one in addresses() if one.right is None})
    assert ungated == sorted(elsewhere)


def test_every_right_has_its_holders() -> None:
    assert HOLDERS.keys() == set(Right)
    assert all(HOLDERS.values())


@pytest.mark.parametrize("role", [*Role, None])
def test_an_address_opens_for_the_roles_that_hold_its_right_and_no_other(
    role: Role | None,
) -> None:
    member = make_member(role) if role else None
    client, wrong = browser(member), []
    for one in GATED:
        answers = [answer for answer in asked(client, one) if not is_no_answer(answer)]
        assert answers, one.path
        assert all(answer.status_code < 500 for answer in answers), one.path
        opens = one.right is not None and role in HOLDERS[one.right]
        refused = [is_refused(answer) for answer in answers]
        # What is not there is told to who may ask, in the same words as a refusal.
        known = opens and not one.pattern.pattern.converters
        if (opens and all(refused) and known) or (not opens and not all(refused)):
            wrong.append((one.path, [answer.status_code for answer in answers]))
    assert not wrong


@pytest.mark.parametrize("role", Role)
def test_no_page_is_offered_to_who_may_not_open_it(role: Role) -> None:
    client = browser(make_member(role))
    asked = client.get("/team/account").wsgi_request
    offered = re.findall(
        r'href="([^"]+)"', render_to_string("coordination/_nav.html", request=asked)
    )
    assert "/team/account" in offered
    assert not [path for path in offered if is_refused(client.get(path))]


def test_a_password_alone_opens_nothing() -> None:
    browsers = {role: browser(make_member(role), second_factor=False) for role in Role}
    for one in GATED:
        # As one whose right would open it: others are refused in any case.
        client = browsers[min(HOLDERS[one.right])]
        answers = [answer for answer in asked(client, one) if not is_no_answer(answer)]
        assert all(is_refused(answer) for answer in answers), one.path
