"""Who may hold the team key, who waits for it, and when there must be a new one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.utils import timezone

from havenlight.core.seal import manifest
from havenlight.core.seal.manifest import Manifest
from havenlight.team import queries
from havenlight.team.errors import NotSetUp
from havenlight.team.models import (
    Epoch,
    FormerManifest,
    Member,
    MemberKey,
    Organisation,
    PasskeyWrap,
    TeamWrap,
)
from havenlight.team.permissions import HOLDERS, Right, may

EPOCH_DAYS = 90
NOTICE = timedelta(days=7)
"""So long before an epoch's last day a coordinator is told."""


class Standing(StrEnum):
    """How far a member is with her key."""

    NONE = "none"
    WAITING = "waiting"
    READY = "ready"


class Due(StrEnum):
    """Why a new epoch must begin."""

    LEFT = "left"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Holder:
    """A member who may hold the team key, with the public half of her own."""

    member: str
    alias: str
    public: bytes
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """What a browser needs to open a member's key with her passkey."""

    credential: bytes
    salt: bytes
    wrap: bytes
    made_at: datetime


def check_signed(signed: str, organisation: Organisation) -> Manifest:
    """The manifest in `signed`, or raise ManifestRefused; a demo's is believed in a demo alone."""
    allow_demo = organisation.is_demo and settings.DEMO
    return manifest.verify(signed, bytes(organisation.signing_key), allow_demo=allow_demo)


def today() -> Manifest:
    """What the organisation signed last, or raise NotSetUp."""
    return check_signed(queries.current_epoch().manifest, queries.organisation())


def holders() -> list[Holder]:
    """Everyone who may hold the team key: who counsels and has made a key of her own."""
    found = MemberKey.objects.filter(
        member__is_active=True, member__role__in=HOLDERS[Right.VISITORS]
    )
    return [
        Holder(key.member_id.hex, key.member.alias, bytes(key.public), key.made_at)
        for key in found.select_related("member").order_by("made_at")
    ]


def waiting() -> list[Holder]:
    """Who made a key that the organisation has not signed yet; the first comes first."""
    roster = today().members
    return [one for one in holders() if roster.get(one.member) != one.public]


def standing_of(member: Member) -> Standing:
    """How far `member` is with her key."""
    if not may(member, Right.VISITORS) or not MemberKey.objects.filter(member=member).exists():
        return Standing.NONE
    newest = Epoch.objects.last()
    if newest is None or not TeamWrap.objects.filter(epoch=newest, member=member).exists():
        return Standing.WAITING
    return Standing.READY


def due(on: date | None = None) -> Due | None:
    """Why there must be a new epoch, if there must; NotSetUp before the first."""
    signed = today()
    if signed.members.keys() - {one.member for one in holders()}:
        return Due.LEFT
    return Due.AGE if signed.last_on - NOTICE <= (on or timezone.localdate()) else None


def asks_for_work() -> bool:
    """Whether a coordinator is to do something about keys."""
    try:
        return bool(waiting() or due())
    except NotSetUp:
        return True


def missing_wraps() -> list[tuple[str, int]]:
    """Of whom the signed roster says that she may hold the team key of an epoch she has not.

    Members whose key is another by now are left out: nothing may be sealed to the old one.
    """
    signed, known = today().members, {one.member: one.public for one in holders()}
    have = {(one.member_id.hex, one.epoch_id) for one in TeamWrap.objects.all()}
    numbers = Epoch.objects.values_list("number", flat=True)
    may = [member for member, key in signed.items() if known.get(member) == key]
    return [(one, number) for one in may for number in numbers if (one, number) not in have]


def epochs() -> list[Epoch]:
    """All epochs that are kept, oldest first."""
    return list(Epoch.objects.all())


def passkeys_of(member: Member) -> list[PasskeyRow]:
    """The passkeys that open her key."""
    found = PasskeyWrap.objects.filter(key=member.pk)
    return [
        PasskeyRow(bytes(one.credential), bytes(one.salt), bytes(one.wrap), one.made_at)
        for one in found
    ]


def chain(seen: bytes | None) -> list[str]:
    """The manifests from the one that a browser saw last to today's; today's alone if it saw none.

    When nobody knows what it saw, only today's is given, and the browser refuses it.
    """
    newest = queries.current_epoch().manifest
    first = FormerManifest.objects.filter(digest=seen).first() if seen else None
    if first is None:
        return [newest]
    former = FormerManifest.objects.filter(pk__gte=first.pk)
    return [*former.values_list("signed", flat=True), newest]
