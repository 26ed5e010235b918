"""Offering, agreeing, sending, withdrawing and the outcome; and what each may do."""

import re
import time
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from havenlight.chat.models import Conversation, Thread
from havenlight.core import tokens
from havenlight.core.seal import keys
from havenlight.core.seal.encoding import b64
from havenlight.referral import actions, erasing, queries
from havenlight.referral.errors import StepRefused
from havenlight.referral.models import IncomingReferral, Recipient, Referral
from havenlight.referral.states import State
from havenlight.team.codes import Role
from havenlight.team.models import Epoch, Member, Organisation

pytestmark = pytest.mark.django_db

SEALED = bytes(200)


@pytest.fixture
def anna() -> Member:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    public = keys.public_of(keys.new_key())
    Organisation.objects.create(
        name="Havenlight", signing_key=public, exit_url="https://x.example", time_zone="UTC"
    )
    Epoch.objects.create(number=1, public=public, manifest="signed")
    Member.objects.create(alias="Bram", email="bram@example.org", role=Role.COUNSELLOR)
    return Member.objects.create(alias="Anna", email="anna@example.org", role=Role.COUNSELLOR)


def make_recipient(**fields: object) -> Recipient:
    given = {"name": str(uuid4()), "kind": "care", "public_key": keys.public_of(keys.new_key())}
    return Recipient.objects.create(**{**given, **fields})


def make_conversation(member: Member) -> Conversation:
    return Conversation.objects.create(
        id=uuid4(),
        thread=Thread.objects.create(),
        language="nl",
        epoch=1,
        tab_check=bytes(32),
        state="active",
        counsellor=member,
        accepted_at=timezone.now(),
    )


def make_referral(member: Member, *, yes: bool | None = None) -> Referral:
    recipient, ref = make_recipient(), uuid4()
    actions.offer(make_conversation(member).pk, [(ref, recipient.pk)], member)
    referral = Referral.objects.get(pk=ref)
    if yes is not None:
        actions.answer(referral, yes=yes)
    return referral


def signed_in(member: Member) -> Client:
    client = Client(headers={"Origin": settings.ORIGINS[0]})
    client.force_login(member)
    return client


def post(client: Client, path: str, body: dict[str, object]) -> tuple[int, dict[str, object]]:
    answer = client.post(path, body, content_type="application/json")
    return answer.status_code, answer.json() if answer.content else {}


def visitor_says(conversation: UUID, referral: Referral, yes: object) -> int:
    claims = tokens.Claims("v", conversation.hex, "v", (conversation.hex,), int(time.time()) + 60)
    client = Client(
        headers={
            "Origin": settings.ORIGINS[0],
            "Authorization": f"Bearer {tokens.mint(claims, settings.TOKEN_SECRET)}",
        }
    )
    return post(client, "/referral/answer", {"referral": referral.pk.hex, "yes": yes})[0]


def test_only_the_visitor_of_the_conversation_answers(anna: Member) -> None:
    referral = make_referral(anna)
    assert referral.conversation_id is not None
    assert visitor_says(make_conversation(anna).pk, referral, True) == HTTPStatus.NOT_FOUND
    assert visitor_says(referral.conversation_id, referral, "yes") == HTTPStatus.BAD_REQUEST
    referral.refresh_from_db()
    assert referral.state == State.OFFERED
    assert visitor_says(referral.conversation_id, referral, True) == HTTPStatus.NO_CONTENT
    referral.refresh_from_db()
    assert referral.state == State.ACCEPTED


@pytest.mark.parametrize("yes", [None, False])
def test_nothing_is_sent_without_a_yes(anna: Member, yes: bool | None) -> None:
    referral = make_referral(anna, yes=yes)
    body = {"package": b64(SEALED), "consent": b64(SEALED), "epoch": 1}
    answer = post(signed_in(anna), f"/desk/referrals/{referral.pk.hex}/send", body)
    assert answer == (409, {"code": "ended"})
    referral.refresh_from_db()
    assert referral.package is None


def test_withdrawn_before_or_after_it_was_sent_no_package_is_left(anna: Member) -> None:
    before, after = make_referral(anna, yes=True), make_referral(anna, yes=True)
    actions.answer(before, yes=False)
    with pytest.raises(StepRefused):
        actions.send(before, SEALED, SEALED, 1, anna)
    link = actions.send(after, SEALED, SEALED, 1, anna)
    actions.answer(after, yes=False)
    assert not Referral.objects.exclude(package=None).exists()
    page = Client().get(f"/referral/to/{link.token}", headers={"Accept-Language": "en"})
    assert b"withdrawn" in page.content
    assert Client().get(f"/referral/to/{link.token}/package").status_code == HTTPStatus.NOT_FOUND
    assert Client().post(f"/referral/to/{link.token}", {"outcome": "arrived"}).status_code == 302
    after.refresh_from_db()
    assert after.state == State.WITHDRAWN


def test_a_link_ends_and_a_new_one_ends_the_one_before(anna: Member) -> None:
    referral = make_referral(anna, yes=True)
    first = actions.send(referral, SEALED, SEALED, 1, anna)
    second = actions.renew_link(referral, anna)
    assert Client().get(f"/referral/to/{first.token}").status_code == HTTPStatus.NOT_FOUND
    assert Client().get(f"/referral/to/{second.token}").status_code == HTTPStatus.OK
    Referral.objects.update(link_expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(f"/referral/to/{second.token}").status_code == HTTPStatus.NOT_FOUND
    erasing.erase_contacts(erasing.contacts_before(timezone.now() - timedelta(days=30)))
    assert not Referral.objects.exclude(package=None).exists()


def test_outcomes_are_counted_with_their_base(anna: Member) -> None:
    since = timezone.now()
    made = [make_referral(anna, yes=True) for _ in range(3)]
    make_referral(anna)
    make_referral(anna, yes=False)
    for referral, outcome in zip(made, (State.ARRIVED, State.WAITING, None), strict=True):
        link = actions.send(referral, SEALED, SEALED, 1, anna)
        if outcome:
            Client().post(f"/referral/to/{link.token}", {"outcome": outcome})
    found = queries.outcomes(since, timezone.now() + timedelta(minutes=1))
    assert found == queries.Outcomes(
        offered=5, answered=4, accepted=3, made=3, known=2, arrived=1, withdrawn=0
    )


def test_a_recipient_without_a_key_is_not_offered_and_nothing_is_half_done(anna: Member) -> None:
    conversation = make_conversation(anna)
    usable, keyless = make_recipient(), make_recipient(public_key=None)
    offers = [{"ref": uuid4().hex, "recipient": one.pk.hex} for one in (usable, keyless)]
    path = f"/desk/conversations/{conversation.pk.hex}/offer"
    assert post(signed_in(anna), path, {"offers": offers}) == (404, {"code": "unknown"})
    assert not Referral.objects.exists()


def test_a_colleague_neither_offers_nor_sends_in_her_conversation(anna: Member) -> None:
    bram = signed_in(Member.objects.get(alias="Bram"))
    conversation, referral = make_conversation(anna), make_referral(anna, yes=True)
    offers = [{"ref": uuid4().hex, "recipient": make_recipient().pk.hex}]
    path = f"/desk/conversations/{conversation.pk.hex}/offer"
    assert post(bram, path, {"offers": offers})[0] == HTTPStatus.NOT_FOUND
    body = {"package": b64(SEALED), "consent": b64(SEALED), "epoch": 1}
    assert post(bram, f"/desk/referrals/{referral.pk.hex}/send", body)[0] == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_and_edits_what_it_may(anna: Member, role: Role) -> None:
    Member.objects.filter(pk=anna.pk).update(role=role)
    client = signed_in(anna)
    sees = role in {Role.COUNSELLOR, Role.COORDINATOR}
    for path in ("/referral/directory", "/desk/recipients", "/desk/referrals"):
        assert client.get(path).status_code == (HTTPStatus.OK if sees else HTTPStatus.FORBIDDEN)
    edits = HTTPStatus.OK if role is Role.COORDINATOR else HTTPStatus.FORBIDDEN
    assert client.get("/referral/directory/new").status_code == edits
    assert Client().get("/referral/directory").status_code == HTTPStatus.FOUND


def test_a_coordinator_keeps_the_directory_and_gives_a_link(anna: Member) -> None:
    Member.objects.filter(pk=anna.pk).update(role=Role.COORDINATOR)
    client = signed_in(anna)
    given = {
        "name": "Haven",
        "kind": "shelter",
        "youngest": "22",
        "oldest": "12",
        "is_active": "on",
    }
    wrong = client.post("/referral/directory/new", {**given, "key_text": "AAAA"})
    assert wrong.status_code == HTTPStatus.OK
    assert not Recipient.objects.exists()
    public = b64(keys.public_of(keys.new_key()))
    right = {
        **given,
        "youngest": "12",
        "oldest": "22",
        "key_text": public,
        "regions_text": "Utrecht\n",
    }
    assert client.post("/referral/directory/new", right).status_code == HTTPStatus.FOUND
    recipient = Recipient.objects.get()
    assert recipient.regions == ["Utrecht"]
    for query, found in (("region=utrecht&age=15", 1), ("age=30", 0), ("form=organ", 1)):
        rows = client.get(f"/desk/recipients?{query}").json()["recipients"]
        assert len(rows) == found, query
    page = client.post(f"/referral/directory/{recipient.pk.hex}/invite")
    assert b"/referral/from/" in page.content


def test_what_comes_in_is_kept_once_and_needs_the_current_key(anna: Member) -> None:
    token = actions.invite(make_recipient(), anna).token
    client = Client(headers={"Origin": settings.ORIGINS[0]})
    body = {"id": uuid4().hex, "epoch": 1, "sealed": b64(SEALED)}
    path = f"/referral/from/{token}/send"
    assert post(client, path, {**body, "epoch": 2}) == (409, {"code": "epoch"})
    assert post(client, path, body)[0] == post(client, path, body)[0] == HTTPStatus.NO_CONTENT
    assert post(client, path, {**body, "sealed": b64(bytes(201))}) == (409, {"code": "id_reused"})
    assert post(client, "/referral/from/else/send", body) == (404, {"code": "unknown"})
    assert IncomingReferral.objects.count() == 1
    assert (
        post(signed_in(anna), f"/desk/incoming/{body['id']}/take", {})[0] == HTTPStatus.NO_CONTENT
    )


def test_the_offline_page_allows_its_own_script_alone(anna: Member) -> None:
    page = Client().get("/referral/opener")
    html = page.content.decode()
    assert "attachment" in page.headers["Content-Disposition"]
    assert "default-src 'none'; script-src 'sha256-" in html
    assert not re.findall(r"^(import|export) ", html, re.MULTILINE)
