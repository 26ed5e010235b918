"""Keys of the organisation and its team: what the server keeps of what browsers make and sign."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from havenlight.audit.models import Entry
from havenlight.chat import renewing
from havenlight.chat.models import Conversation, Thread, Wrap
from havenlight.core.seal import keys, manifest, wraps
from havenlight.core.seal.encoding import b64
from havenlight.core.seal.errors import ManifestRefused
from havenlight.core.seal.phrase import ITERATIONS
from havenlight.retention import epochs as unused
from havenlight.team import checks, epochs, key_checks, keyring, queries
from havenlight.team.codes import Role
from havenlight.team.epochs import Sealed, Signed
from havenlight.team.errors import AlreadySetUp, RosterRefused, SealRefused
from havenlight.team.models import Epoch, Member, MemberKey, Organisation, TeamWrap
from tests.integration.organisation import make_organisation

pytestmark = pytest.mark.django_db


@dataclass
class Helpline:
    """An organisation whose keys a test holds, as a coordinator's browser would."""

    coordinator: Member
    signing: keys.PrivateKey
    recovery: keys.PrivateKey
    team: keys.PrivateKey

    def next(self, **changes: Any) -> manifest.Manifest:
        """The one of today, changed; with the former one's hash."""
        now = queries.current_epoch().manifest
        return replace(keyring.today(), prev=manifest.digest(now), **changes)

    def signed(self, said: manifest.Manifest, *, wraps_too: bool = False) -> Signed:
        """As the signing key signs it."""
        wrap = bytes(219) if wraps_too else None
        return Signed(manifest.sign(said, self.signing), wrap, wrap)

    def roster(self, *members: Member) -> dict[str, bytes]:
        """Members with the keys that they made."""
        made = MemberKey.objects.filter(member__in=members)
        return {key.member_id.hex: bytes(key.public) for key in made}

    def renew(self, *members: Member) -> None:
        """Begin an epoch for these."""
        number, team = keyring.today().epoch + 1, keys.public_of(keys.new_key())
        said = self.next(epoch=number, team=team, members=self.roster(*members))
        epochs.sign(self.coordinator, self.signed(said, wraps_too=True))


def make_member(alias: str, role: Role = Role.COUNSELLOR, *, key: bool = True) -> Member:
    member = Member.objects.create(email=f"{alias}@example.org", alias=alias, role=role)
    if key:
        public = keys.public_of(keys.new_key())
        MemberKey.objects.create(
            member=member, public=public, wrap=bytes(166), salt=bytes(16), iterations=ITERATIONS
        )
    return member


@pytest.fixture
def helpline() -> Helpline:
    """The helpline right after its set-up, by Carla."""
    make_organisation()
    Organisation.objects.update(signing_key=b"")
    carla = make_member("Carla", Role.COORDINATOR)
    signing, recovery, team = keys.new_key(), keys.new_key(), keys.new_key()
    made = Helpline(carla, signing, recovery, team)
    epochs.set_up(carla, keys.public_of(signing), made.signed(first(made), wraps_too=True))
    return made


def first(made: Helpline) -> manifest.Manifest:
    today = timezone.localdate()
    return manifest.Manifest(
        org=keys.public_of(made.signing),
        demo=False,
        epoch=1,
        team=keys.public_of(made.team),
        recovery=keys.public_of(made.recovery),
        members=made.roster(made.coordinator),
        first_on=today,
        last_on=today + timedelta(days=keyring.EPOCH_DAYS),
        prev=None,
    )


def signed_in(member: Member) -> Client:
    client = Client(headers={"Origin": settings.ORIGINS[0]})
    client.force_login(member)
    return client


def post(client: Client, path: str, fields: dict[str, object]) -> int:
    return client.post(path, fields, content_type="application/json").status_code


def open_conversation(epoch: int) -> Conversation:
    conversation = Conversation.objects.create(
        id=uuid4(), thread=Thread.objects.create(), language="nl", epoch=epoch, tab_check=bytes(32)
    )
    Wrap.objects.create(conversation=conversation, kind="team", sealed=bytes(113))
    return Conversation.objects.get(pk=conversation.pk)


def test_an_organisation_gets_its_keys_once(helpline: Helpline) -> None:
    assert bytes(queries.organisation().signing_key) == keys.public_of(helpline.signing)
    assert keyring.standing_of(helpline.coordinator) is keyring.Standing.READY
    with pytest.raises(AlreadySetUp):
        epochs.set_up(helpline.coordinator, keys.public_of(helpline.signing), Signed("", b"", b""))


@pytest.mark.parametrize(
    "changes", [{"demo": True}, {"epoch": 2}, {"recovery": None}, {"members": {}}]
)
def test_a_set_up_is_refused_whose_manifest_is_no_beginning(
    helpline: Helpline, changes: dict[str, Any]
) -> None:
    Epoch.objects.all().delete()
    Organisation.objects.update(signing_key=b"")
    said = replace(first(helpline), **changes)
    with pytest.raises((ManifestRefused, RosterRefused)):
        epochs.set_up(helpline.coordinator, said.org, helpline.signed(said, wraps_too=True))
    assert bytes(queries.organisation().signing_key) == b""


def test_a_member_comes_to_the_roster_and_then_gets_the_key(helpline: Helpline) -> None:
    bram = make_member("Bram")
    assert [one.alias for one in keyring.waiting()] == ["Bram"]
    assert keyring.missing_wraps() == []
    both = helpline.roster(helpline.coordinator, bram)
    epochs.sign(helpline.coordinator, helpline.signed(helpline.next(members=both)))
    assert keyring.waiting() == []
    assert keyring.missing_wraps() == [(bram.pk.hex, 1)]
    assert keyring.standing_of(bram) is keyring.Standing.WAITING
    epochs.seal(helpline.coordinator, [Sealed(bram.pk, 1, bytes(219))])
    assert keyring.standing_of(bram) is keyring.Standing.READY
    with pytest.raises(SealRefused):
        epochs.seal(helpline.coordinator, [Sealed(bram.pk, 1, bytes(219))])


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.RESEARCHER])
def test_who_does_not_counsel_never_holds_the_team_key(helpline: Helpline, role: Role) -> None:
    other = make_member("Other", role)
    everyone = helpline.roster(helpline.coordinator, other)
    with pytest.raises(RosterRefused):
        epochs.sign(helpline.coordinator, helpline.signed(helpline.next(members=everyone)))
    with pytest.raises(SealRefused):
        epochs.seal(helpline.coordinator, [Sealed(other.pk, 1, bytes(219))])
    # Nor does a wrap that got into the database some other way ever leave it.
    TeamWrap.objects.create(epoch=queries.current_epoch(), member=other, wrap=bytes(219))
    assert signed_in(other).get("/desk/keys").status_code == 403
    assert keyring.standing_of(other) is keyring.Standing.NONE


def test_a_key_that_nobody_looked_at_is_not_signed(helpline: Helpline) -> None:
    bram = make_member("Bram")
    swapped = helpline.roster(helpline.coordinator) | {bram.pk.hex: keys.public_of(keys.new_key())}
    with pytest.raises(RosterRefused):
        epochs.sign(helpline.coordinator, helpline.signed(helpline.next(members=swapped)))


def test_only_a_new_epoch_is_without_who_left(helpline: Helpline) -> None:
    bram = make_member("Bram")
    helpline.renew(helpline.coordinator, bram)
    assert keyring.due() is None
    Member.objects.filter(pk=bram.pk).update(is_active=False)
    assert keyring.due() is keyring.Due.LEFT
    without = helpline.roster(helpline.coordinator)
    with pytest.raises(ManifestRefused):
        epochs.sign(helpline.coordinator, helpline.signed(helpline.next(members=without)))
    with pytest.raises(RosterRefused):
        epochs.sign(helpline.coordinator, helpline.signed(helpline.next()))
    helpline.renew(helpline.coordinator)
    assert (keyring.today().epoch, keyring.due()) == (3, None)


def test_a_new_epoch_is_due_when_its_days_are_nearly_over(helpline: Helpline) -> None:
    last = keyring.today().last_on
    assert keyring.due(last - timedelta(days=8)) is None
    assert keyring.due(last - timedelta(days=7)) is keyring.Due.AGE


def test_of_two_who_sign_at_once_the_second_is_refused(helpline: Helpline) -> None:
    bram = make_member("Bram")
    both = helpline.roster(helpline.coordinator, bram)
    one = helpline.signed(helpline.next(members=both))
    epochs.sign(helpline.coordinator, one)
    with pytest.raises(ManifestRefused):
        epochs.sign(helpline.coordinator, one)


def test_a_browser_is_given_the_chain_from_what_it_saw(helpline: Helpline) -> None:
    before = queries.current_epoch().manifest
    helpline.renew(helpline.coordinator)
    now = queries.current_epoch().manifest
    assert keyring.chain(manifest.digest(before)) == [before, now]
    assert keyring.chain(None) == keyring.chain(secrets.token_bytes(32)) == [now]
    address = f"/desk/keys?seen={b64(manifest.digest(before))}"
    assert signed_in(helpline.coordinator).get(address).json()["chain"] == [before, now]


def test_who_makes_a_new_key_opens_nothing_until_it_is_signed(helpline: Helpline) -> None:
    public = keys.public_of(keys.new_key())
    fields: dict[str, object] = {"key": b64(public), "wrap": b64(bytes(166))}
    fields |= {"salt": b64(bytes(16)), "iterations": ITERATIONS}
    carla = signed_in(helpline.coordinator)
    assert post(carla, "/keys/make", {**fields, "iterations": 1000}) == 400
    assert post(carla, "/keys/make", fields) == 204
    assert keyring.standing_of(helpline.coordinator) is keyring.Standing.WAITING
    assert [one.public for one in keyring.waiting()] == [public]
    assert carla.get("/desk/").headers["Location"] == "/keys/"
    # She may keep her place on the list, but nothing is sealed to the key that she lost.
    epochs.sign(helpline.coordinator, helpline.signed(helpline.next()))
    assert keyring.missing_wraps() == []


def test_a_passkey_opens_one_key_until_it_is_taken_away(helpline: Helpline) -> None:
    carla, bram = signed_in(helpline.coordinator), signed_in(make_member("Bram"))
    passkey: dict[str, object] = {"credential": b64(b"one"), "salt": b64(bytes(32))}
    passkey["wrap"] = b64(bytes(166))
    assert post(carla, "/keys/passkeys/add", passkey) == 204
    assert post(bram, "/keys/passkeys/add", passkey) == 409
    given = carla.get("/desk/keys").json()["passkeys"]
    assert given == [passkey]
    assert post(carla, "/keys/passkeys/drop", passkey) == 204
    assert carla.get("/desk/keys").json()["passkeys"] == []


def test_conversations_that_go_on_are_sealed_to_the_new_key(helpline: Helpline) -> None:
    going_on, ended = open_conversation(1), open_conversation(1)
    ended_at = timezone.now()
    Conversation.objects.filter(pk=ended.pk).update(
        state="abandoned", ended_at=ended_at, ended_by="visitor"
    )
    helpline.renew(helpline.coordinator)
    assert [one.conversation for one in renewing.behind()] == [going_on.pk]
    sealed = [renewing.Open(one.pk, 1, b"\x01" * 113) for one in (going_on, ended)]
    assert renewing.renew(helpline.coordinator, sealed) == 1
    assert renewing.renew(helpline.coordinator, sealed) == 0
    assert renewing.behind() == []
    assert Conversation.objects.get(pk=going_on.pk).epoch == 2
    assert bytes(Wrap.objects.get(conversation=going_on).sealed) == b"\x01" * 113


def test_a_team_key_goes_when_nothing_is_sealed_to_it_any_more(helpline: Helpline) -> None:
    kept = open_conversation(2)
    for _ in range(3):
        helpline.renew(helpline.coordinator)
    assert unused.drop_unused() == [1, 3]
    assert [one.number for one in keyring.epochs()] == [2, 4]
    Wrap.objects.filter(conversation=kept).delete()
    assert unused.drop_unused() == [2]
    assert not TeamWrap.objects.exclude(epoch=4).exists()
    # What was signed stays, so that a browser that was away long follows the chain.
    assert len(keyring.chain(keyring.today().prev)) == 2
    assert Entry.objects.filter(verb="destroyed the team keys").count() == 2


def test_only_coordinators_sign_and_seal(helpline: Helpline) -> None:
    bram = signed_in(make_member("Bram"))
    for path in ("/keys/begin", "/keys/sign", "/keys/seal", "/keys/renew"):
        assert post(bram, path, {}) == 404
    for path in ("/keys/set-up", "/keys/team", "/keys/recovery", "/keys/state", "/keys/behind"):
        assert bram.get(path).status_code in {403, 404}
    assert post(signed_in(helpline.coordinator), "/keys/sign", {"manifest": "a.b"}) == 409


def test_until_the_keys_are_made_no_chat_can_begin() -> None:
    make_organisation()
    assert Client().get("/").status_code == 200
    carla = signed_in(make_member("Carla", Role.COORDINATOR, key=False))
    assert carla.get("/desk/").headers["Location"] == "/keys/"
    assert carla.get("/keys/").headers["Location"] == "/keys/set-up"
    assert carla.get("/keys/set-up").status_code == 200


def test_a_recovery_wrap_opens_the_team_key_for_who_has_the_recovery_key(
    helpline: Helpline,
) -> None:
    wrap = wraps.wrap_recovery(helpline.team, keys.public_of(helpline.recovery), 1)
    Epoch.objects.update(recovery_wrap=wrap)
    (given,) = signed_in(helpline.coordinator).get("/keys/state").json()["epochs"]
    assert given["recovery"] == b64(wrap)


def test_a_check_says_what_is_to_be_done_about_keys(helpline: Helpline) -> None:
    def said() -> list[str | None]:
        return [one.id for one in key_checks.check_keys(None, ["default"])]

    assert said() == []
    bram = make_member("Bram")
    assert said() == ["havenlight.W003"]
    helpline.renew(helpline.coordinator, bram)
    Member.objects.filter(pk=bram.pk).update(is_active=False)
    assert said() == ["havenlight.W002"]
    Organisation.objects.update(signing_key=keys.public_of(keys.new_key()))
    assert said() == ["havenlight.E003"]
    Epoch.objects.all().delete()
    assert said() == ["havenlight.W001"]


@pytest.mark.parametrize(
    ("is_demo", "demo_is_on", "said"),
    [(True, True, []), (False, False, []), (True, False, ["E001"]), (False, True, ["E002"])],
)
def test_a_check_refuses_a_demo_that_is_none_and_a_helpline_on_its_keys(
    settings: Any, *, is_demo: bool, demo_is_on: bool, said: list[str]
) -> None:
    make_organisation()
    Organisation.objects.update(is_demo=is_demo)
    settings.DEMO = demo_is_on
    found = [one.id for one in checks.check_demo_is_said(None, ["default"])]
    assert found == [f"havenlight.{one}" for one in said]
