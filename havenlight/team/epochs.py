"""The organisation's keys and those of its team: made and sealed in browsers, checked here."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from havenlight.audit import actions as audit
from havenlight.core.seal import manifest
from havenlight.core.seal.errors import KeyRefused, ManifestRefused
from havenlight.core.seal.keys import read_public
from havenlight.core.seal.manifest import Manifest
from havenlight.team import keyring, queries
from havenlight.team.errors import AlreadySetUp, RosterRefused, SealRefused
from havenlight.team.models import Epoch, FormerManifest, Member, Organisation, TeamWrap


@dataclass(frozen=True, slots=True)
class Signed:
    """A manifest, and for a new epoch its key as sealed to who made it and to the recovery key."""

    text: str
    own_wrap: bytes | None = None
    recovery_wrap: bytes | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """The team key of an epoch, sealed to one member."""

    member: UUID
    epoch: int
    wrap: bytes


def set_up(coordinator: Member, signing_key: bytes, signed: Signed) -> None:
    """Give the organisation its key and its first epoch.

    Raises AlreadySetUp when it has them, ManifestRefused and RosterRefused when what was signed is
    not the beginning of a chain.
    """
    _check_key(signing_key)
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get()
        if organisation.signing_key or queries.is_set_up():
            raise AlreadySetUp("the organisation has its keys already")
        organisation.signing_key = signing_key
        said = keyring.check_signed(signed.text, organisation)
        if said.epoch != 1 or said.prev is not None:
            raise ManifestRefused("the first manifest has epoch 1, and none before it")
        organisation.save()
        _begin(coordinator, said, signed)
        audit.record(coordinator.pk, "made the organisation's keys", organisation)


def sign(coordinator: Member, signed: Signed) -> None:
    """Let a manifest take the place of the current one, inside its epoch or with a new one.

    Raises ManifestRefused unless it follows from the current one, and RosterRefused when somebody
    on it may not hold the team key: who counsels and made the key that it names, nobody else.
    """
    with transaction.atomic():
        # Two coordinators may sign at once; the second one's does not follow any more.
        organisation = Organisation.objects.select_for_update().get()
        current = Epoch.objects.latest("number")
        allow_demo = keyring.check_signed(current.manifest, organisation).demo
        said = manifest.check_follows(
            signed.text,
            current.manifest,
            bytes(organisation.signing_key),
            allow_demo=allow_demo,
        )
        _keep_former(current)
        if said.epoch == current.number:
            _check_roster(said, keyring.check_signed(current.manifest, organisation))
            Epoch.objects.filter(pk=current.pk).update(manifest=signed.text)
        else:
            _begin(coordinator, said, signed)
        audit.record(coordinator.pk, "signed the list of keys", current, _names(said))


def seal(coordinator: Member, sealed: Iterable[Sealed]) -> None:
    """Keep the team key as sealed to members of the signed roster, or raise SealRefused."""
    with transaction.atomic():
        wanted = set(keyring.missing_wraps())
        given = list(sealed)
        for one in given:
            if (one.member.hex, one.epoch) not in wanted:
                raise SealRefused(f"nobody waits for this key in epoch {one.epoch}")
            TeamWrap.objects.create(epoch_id=one.epoch, member_id=one.member, wrap=one.wrap)
        epoch = Epoch.objects.latest("number")
        audit.record(coordinator.pk, "gave the team key", epoch, f"{len(given)} times")


def drop_unused(in_use: set[int]) -> list[int]:
    """Destroy the keys of epochs to which nothing is sealed any more, and tell which.

    The current one stays, and what was signed: browsers follow the chain over it.
    """
    with transaction.atomic():
        newest = Epoch.objects.last()
        if newest is None:
            return []
        unused = Epoch.objects.exclude(number__in=in_use).exclude(pk=newest.pk)
        numbers = list(unused.values_list("number", flat=True))
        unused.delete()
        if numbers:
            told = ", ".join(map(str, numbers))
            audit.record(None, "destroyed the team keys", newest, f"of epochs {told}")
        return numbers


def key_tables() -> list[str]:
    """The tables whose bytes open something."""
    return [Epoch._meta.db_table, TeamWrap._meta.db_table]


def _begin(coordinator: Member, said: Manifest, signed: Signed) -> None:
    _check_roster(said)
    if coordinator.pk.hex not in said.members or signed.own_wrap is None:
        raise RosterRefused("who begins an epoch must be able to open it")
    if (said.recovery is None or signed.recovery_wrap is None) and not said.demo:
        raise RosterRefused("an epoch must be sealed to the recovery key")
    epoch = Epoch.objects.create(
        number=said.epoch,
        public=said.team,
        manifest=signed.text,
        recovery_wrap=signed.recovery_wrap,
    )
    TeamWrap.objects.create(epoch=epoch, member=coordinator, wrap=signed.own_wrap)


def _check_roster(said: Manifest, former: Manifest | None = None) -> None:
    """Raise RosterRefused unless all on it may hold the team key, with the key that they made.

    Who made another meanwhile may keep her place inside the epoch: nothing is sealed to the old
    one any more, and the new one was not looked at yet.
    """
    may = {one.member: one.public for one in keyring.holders()}
    stood = former.members if former else {}
    for member, public in said.members.items():
        if member not in may or public not in (may[member], stood.get(member)):
            raise RosterRefused(f"member {member} may not hold the team key, or has another key")


def _keep_former(epoch: Epoch) -> None:
    FormerManifest.objects.create(digest=manifest.digest(epoch.manifest), signed=epoch.manifest)


def _names(said: Manifest) -> str:
    names = Member.objects.filter(pk__in=map(UUID, said.members)).order_by("alias")
    return ", ".join(names.values_list("alias", flat=True))[:300]


def _check_key(public: bytes) -> None:
    try:
        read_public(public)
    except KeyRefused as error:
        raise ManifestRefused("the organisation's key is no key") from error
