"""The demo organisation: whole, marked as a demo, and made once."""

import pytest

from havenlight.core.seal import kept, manifest, phrase, wraps
from havenlight.core.seal.errors import ManifestRefused
from havenlight.core.seal.keys import public_of
from havenlight.team import demo, queries
from havenlight.team.errors import AlreadySetUp, NotSetUp
from havenlight.team.models import Member, MemberKey, Organisation

pytestmark = pytest.mark.django_db

EXIT_URL = "https://www.example.org/"


def test_each_member_opens_her_key_and_the_team_s_with_her_phrase() -> None:
    holders = [sign_in for sign_in in demo.make(EXIT_URL).sign_ins if sign_in.phrase]
    assert len(holders) >= 2
    for sign_in in holders:
        member = Member.objects.get(email=sign_in.email)
        assert member.check_password(sign_in.password)
        keys = queries.keys_of(member)
        kek = phrase.kek(sign_in.phrase, keys.salt, keys.iterations)
        own = wraps.unwrap_member(keys.wrap, kek, member.pk.hex)
        assert public_of(own) == keys.public
        ((epoch, team, wrap),) = keys.teams
        assert public_of(wraps.unwrap_team(wrap, own, member.pk.hex, epoch)) == team


def test_its_manifest_says_that_it_is_a_demo_and_is_refused_without_leave() -> None:
    demo.make(EXIT_URL)
    signed = queries.current_epoch().manifest
    key = bytes(queries.organisation().signing_key)
    verified = manifest.verify(signed, key, allow_demo=True)
    assert verified.demo
    holders = MemberKey.objects.values_list("member", flat=True)
    assert set(verified.members) == {member.hex for member in holders}
    with pytest.raises(ManifestRefused):
        manifest.verify(signed, key, allow_demo=False)


def test_its_signing_key_is_handed_out_so_that_giving_the_team_s_key_can_be_tried() -> None:
    made = demo.make(EXIT_URL)
    key = kept.unlock(made.signing, made.signing_phrase)
    assert public_of(key) == bytes(queries.organisation().signing_key)


def test_an_organisation_is_never_made_over_another() -> None:
    demo.make(EXIT_URL)
    before = bytes(Organisation.objects.get().signing_key)
    with pytest.raises(AlreadySetUp):
        demo.make(EXIT_URL)
    assert bytes(Organisation.objects.get().signing_key) == before


def test_without_an_organisation_every_page_can_say_what_is_missing() -> None:
    for ask in (queries.organisation, queries.current_epoch):
        with pytest.raises(NotSetUp, match="havenlight demo"):
            ask()


def test_a_member_signs_in_whatever_the_case_of_her_address() -> None:
    demo.make(EXIT_URL)
    assert Member.objects.get_by_natural_key("ANNA@example.org").alias == "Anna"
