"""What each role may do at the desk; someone who may do nothing is among them."""

import json
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from havenlight.chat.models import Conversation, Thread, Wrap
from havenlight.team import demo
from havenlight.team.codes import Role
from havenlight.team.models import Member

pytestmark = pytest.mark.django_db

MAY_ANSWER = {
    Role.COUNSELLOR: True,
    Role.COORDINATOR: True,
    Role.RESEARCHER: False,
    Role.ADMINISTRATOR: False,
}


@pytest.fixture
def anna() -> Member:
    # Where static files would be collected; a page is made without them.
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    demo.make("https://www.example.org/")
    return Member.objects.get(alias="Anna")


def signed_in(member: Member) -> Client:
    client = Client(headers={"Origin": settings.ORIGINS[0]})
    client.force_login(member)
    return client


def make_waiting() -> str:
    conversation = Conversation.objects.create(
        id=uuid4(), thread=Thread.objects.create(), language="nl", epoch=1, tab_check=bytes(32)
    )
    Wrap.objects.create(conversation=conversation, kind="team", sealed=bytes(113))
    return conversation.pk.hex


def post(client: Client, path: str) -> tuple[int, dict[str, object]]:
    answer = client.post(path, {}, content_type="application/json")
    return answer.status_code, json.loads(answer.content)


def test_every_role_has_its_line_in_the_table() -> None:
    assert MAY_ANSWER.keys() == set(Role)


@pytest.mark.parametrize("role", Role)
def test_a_role_may_answer_visitors_or_sees_nothing_of_them(anna: Member, role: Role) -> None:
    Member.objects.filter(pk=anna.pk).update(role=role)
    client, waiting = signed_in(anna), make_waiting()
    page = client.get("/desk/").status_code
    token, accept = (
        post(client, "/desk/token"),
        post(client, f"/desk/conversations/{waiting}/accept"),
    )
    if MAY_ANSWER[role]:
        assert (page, token[0], accept[0]) == (200, 200, 200)
    else:
        assert page in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
        assert token == accept == (404, {"code": "unknown"})
        assert Conversation.objects.get(pk=waiting).counsellor is None


def test_an_account_that_was_closed_may_do_nothing(anna: Member) -> None:
    client, waiting = signed_in(anna), make_waiting()
    Member.objects.filter(pk=anna.pk).update(is_active=False)
    assert client.get("/desk/").status_code == HTTPStatus.FOUND
    assert post(client, "/desk/token") == (401, {"code": "token"})
    assert post(client, f"/desk/conversations/{waiting}/accept") == (401, {"code": "token"})


CONVERSATION = (
    *("accept", "finish", "weight", "risk", "insincere", "block", "review"),
    *("notes", "notes/keep", "hand-over", "keep"),
    *("read", "read/on", "read/stop", "whisper", "whispers"),
)
OTHERS = (
    *("standing", "colleagues", "texts", "room", "room/say", "help"),
    *("help/1/settle", "hand-overs/1/take", "hand-overs/1/decline"),
)


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ADMINISTRATOR, None])
def test_who_does_not_counsel_can_do_nothing_at_the_desk(anna: Member, role: Role | None) -> None:
    waiting = make_waiting()
    client = Client(headers={"Origin": settings.ORIGINS[0]})
    if role:
        Member.objects.filter(pk=anna.pk).update(role=role)
        client.force_login(anna)
    paths = [f"conversations/{waiting}/{verb}" for verb in CONVERSATION] + [*OTHERS]
    answers = {path: post(client, f"/desk/{path}") for path in paths}
    refused = (404, {"code": "unknown"}) if role else (401, {"code": "token"})
    assert answers == dict.fromkeys(paths, refused)


def test_a_counsellor_can_do_nothing_with_a_conversation_that_is_not_hers(anna: Member) -> None:
    client, waiting = signed_in(anna), make_waiting()
    # Accepting is what makes it hers; to stop what she does not do is nothing.
    verbs = [verb for verb in CONVERSATION if verb not in {"accept", "read/stop"}]
    answers = {verb: post(client, f"/desk/conversations/{waiting}/{verb}") for verb in verbs}
    assert answers == dict.fromkeys(verbs, (404, {"code": "unknown"}))
