"""The demo organisation: keys that the server made, marked as such, refused outside the demo."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from havenlight.core.seal import kept, keys, manifest, phrase, wraps
from havenlight.team import starting
from havenlight.team.codes import Role
from havenlight.team.errors import AlreadySetUp
from havenlight.team.models import Epoch, Member, MemberKey, Organisation, TeamWrap

_ALIASES = ("Anna", "Bram")
_EPOCH_DAYS = 90


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a demo member types; known to nobody else but whoever reads the demo's own file.

    `phrase` is empty for who has no key, because she answers nobody.
    """

    email: str
    password: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Made:
    """What is handed out of a demo that was made: how to come in, and what signs its keys."""

    sign_ins: list[SignIn]
    signing: kept.Locked
    signing_phrase: str


def make(exit_url: str, counsellors: int = len(_ALIASES)) -> Made:
    """Make the demo organisation with its members, or raise AlreadySetUp.

    More counsellors than Anna and Bram are for who rehearses a shift; they have no names.

    In an organisation of its own these keys come from the members' browsers and the signing key is
    kept offline; here all of them pass through the server, which is why the manifest says so.
    """
    if Organisation.objects.exists():
        raise AlreadySetUp("this database has an organisation already")
    signing_key, team_key = keys.new_key(), keys.new_key()
    with transaction.atomic():
        _make_organisation(signing_key, exit_url)
        starting.add()
        further = [f"Counsellor {number + 1}" for number in range(len(_ALIASES), counsellors)]
        aliases = [*_ALIASES, *further][:counsellors]
        people = [_make_counsellor(alias, Role.COUNSELLOR) for alias in aliases]
        coordinator = _make_counsellor("Coordinator", Role.COORDINATOR)
        holders = [*people, coordinator]
        epoch = _make_epoch(signing_key, team_key, [member for member, _ in holders])
        for member, _ in holders:
            public = bytes(MemberKey.objects.get(member=member).public)
            wrap = wraps.wrap_team(team_key, public, member.pk.hex, epoch.number)
            TeamWrap.objects.create(epoch=epoch, member=member, wrap=wrap)
        researcher = _make_account("Researcher", Role.RESEARCHER)
    everyone = [*people, researcher, coordinator]
    words = phrase.new_phrase()
    return Made([sign_in for _, sign_in in everyone], kept.lock(signing_key, words), words)


def _make_organisation(signing_key: keys.PrivateKey, exit_url: str) -> None:
    Organisation.objects.create(
        name="Havenlight",
        page_title="Info",
        emergency_number="112",
        exit_url=exit_url,
        time_zone="Europe/Amsterdam",
        default_language="nl",
        signing_key=keys.public_of(signing_key),
        is_demo=True,
    )


def _make_account(alias: str, role: Role, words: str = "") -> tuple[Member, SignIn]:
    sign_in = SignIn(f"{slugify(alias)}@example.org", get_random_string(16), words)
    member = Member(email=sign_in.email, alias=alias, role=role)
    member.set_password(sign_in.password)
    member.save()
    return member, sign_in


def _make_counsellor(alias: str, role: Role) -> tuple[Member, SignIn]:
    member, sign_in = _make_account(alias, role, phrase.new_phrase())
    key, salt = keys.new_key(), secrets.token_bytes(phrase.SALT_BYTES)
    MemberKey.objects.create(
        member=member,
        public=keys.public_of(key),
        wrap=wraps.wrap_member(key, phrase.kek(sign_in.phrase, salt), member.pk.hex),
        salt=salt,
        iterations=phrase.ITERATIONS,
    )
    return member, sign_in


def _make_epoch(
    signing_key: keys.PrivateKey, team_key: keys.PrivateKey, members: list[Member]
) -> Epoch:
    today = timezone.localdate()
    signed = manifest.sign(
        manifest.Manifest(
            org=keys.public_of(signing_key),
            demo=True,
            epoch=1,
            team=keys.public_of(team_key),
            recovery=None,
            members={member.pk.hex: bytes(member.memberkey.public) for member in members},
            first_on=today,
            last_on=today + timedelta(days=_EPOCH_DAYS),
            prev=None,
        ),
        signing_key,
    )
    return Epoch.objects.create(number=1, public=keys.public_of(team_key), manifest=signed)
