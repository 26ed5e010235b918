"""What a visitor decides herself: taking back every yes, and not being counted."""

import time
from hashlib import sha256
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from havenlight.audit.models import Entry
from havenlight.casework import registrations
from havenlight.chat.models import Conversation, Thread, Wrap
from havenlight.chat.states import State
from havenlight.core import tokens
from havenlight.core.ids import new_id
from havenlight.core.seal import code, keys
from havenlight.core.seal.encoding import b64
from havenlight.referral import actions as referral
from havenlight.referral.models import Recipient, Referral
from havenlight.team import queries as team
from havenlight.team.codes import Role
from havenlight.team.models import Member
from tests.integration.organisation import make_organisation

pytestmark = pytest.mark.django_db

LOOKUP = bytes(range(32))
HERS = {"contact_kind": "help", "role": "victim", "help_question": ["trafficking"]}


@pytest.fixture
def talk() -> Conversation:
    """A conversation of Anna that has ended, whose visitor took a code."""
    make_organisation()
    anna = Member.objects.create(email="anna@example.org", alias="Anna", role=Role.COUNSELLOR)
    now = timezone.now()
    made = Conversation.objects.create(
        id=uuid4(),
        thread=Thread.objects.create(code_check=sha256(LOOKUP).digest()),
        language="nl",
        epoch=1,
        tab_check=bytes(32),
        state=State.ENDED,
        counsellor=anna,
        accepted_at=now,
        ended_at=now,
        ended_by="member",
    )
    for kind in ("team", "code"):
        Wrap.objects.create(conversation=made, kind=kind, sealed=bytes(60))
    return made


def ask(path: str, bearer: str = "", **fields: object) -> tuple[int, dict[str, object]]:
    headers = {"Origin": settings.ORIGINS[0], "Authorization": f"Bearer {bearer}"}
    answer = Client(headers=headers).post(path, fields, content_type="application/json")
    return answer.status_code, answer.json() if answer.content else {}


def token_of(conversation: UUID) -> str:
    conv = conversation.hex
    return str(tokens.grant(conv, "v", [conv], settings.TOKEN_SECRET, time.time())["token"])


def register(talk: Conversation) -> None:
    client = Client(headers={"Origin": settings.ORIGINS[0]})
    client.force_login(talk.counsellor)
    body = {"draft": new_id(), "codebook": "2026-1", "answers": HERS, "person": None}
    path = f"/desk/conversations/{talk.pk.hex}/register"
    assert client.post(path, body, content_type="application/json").status_code == HTTPStatus.OK


def counted() -> int:
    year = timezone.now().year
    return len(list(registrations.persons(year, simulated=False)))


@pytest.mark.parametrize("registered_first", [True, False])
def test_who_objects_is_not_counted_whenever_she_was_registered(
    talk: Conversation, registered_first: bool
) -> None:
    if registered_first:
        register(talk)
        assert counted() == 1
    assert ask("/mine/codes", lookup=b64(LOOKUP), use=False) == (204, {})
    if not registered_first:
        register(talk)
    assert counted() == 0
    assert registrations.years(simulated=False) == []
    # In the chat itself her token is enough; and she may think better of it.
    assert ask("/mine/codes", token_of(talk.pk), use=True) == (204, {})
    assert counted() == 1
    told = Entry.objects.filter(kind="casework.contact").values_list("member_id", "verb")
    assert list(told.order_by("pk")) == [(None, "objected"), (None, "took the objection back")]


def test_who_has_no_scripts_objects_by_her_words(talk: Conversation) -> None:
    words = "one two three four five six"
    stretched = code.stretch(words, bytes(team.organisation().signing_key)).lookup
    Thread.objects.update(code_check=sha256(stretched).digest())
    register(talk)
    client = Client()
    wrong = client.post("/mine/plain", {"lang": "en", "do": "codes", "words": "only three words"})
    assert b"There must be six words" in wrong.content
    assert client.post("/mine/plain", {"lang": "en", "words": words}).status_code == 400
    assert counted() == 1
    done = client.post("/mine/plain", {"lang": "en", "do": "codes", "words": words})
    assert (done.status_code, done.headers["Location"]) == (303, "/plain/in?2")
    assert counted() == 0


def test_every_yes_is_taken_back_and_its_package_destroyed(talk: Conversation) -> None:
    key = keys.public_of(keys.new_key())
    made, arrived, offered = (uuid4() for _ in range(3))
    for ref in (made, arrived, offered):
        recipient = Recipient.objects.create(name=str(ref), kind="care", public_key=key)
        referral.offer(talk.pk, [(ref, recipient.pk)], talk.counsellor)
    for ref in (made, arrived):
        one = Referral.objects.get(pk=ref)
        referral.answer(one, yes=True)
        referral.send(one, bytes(200), bytes(200), 1, talk.counsellor)
    referral.report_outcome(Referral.objects.get(pk=arrived), referral.State.ARRIVED)
    assert ask("/mine/consent", lookup=b64(LOOKUP)) == (200, {"count": 1})
    states = dict(Referral.objects.values_list("pk", "state"))
    # What she arrived at is a fact, and what she was only asked is no yes.
    assert states == {made: "withdrawn", arrived: "arrived", offered: "offered"}
    assert Referral.objects.get(pk=made).package is None
    assert ask("/mine/consent", lookup=b64(LOOKUP)) == (200, {"count": 0})


def test_a_wrong_code_and_a_strangers_token_decide_nothing(talk: Conversation) -> None:
    for path in ("/mine/consent", "/mine/codes"):
        assert ask(path, lookup=b64(bytes(32)), use=False) == (404, {"code": "unknown"})
        assert ask(path, "forged", use=False) == (401, {"code": "token"})
        assert ask(path, token_of(uuid4()), use=False) == (404, {"code": "unknown"})
    assert ask("/mine/codes", token_of(talk.pk), use="no") == (400, {"code": "malformed"})
    assert Thread.objects.get().objects_at is None
