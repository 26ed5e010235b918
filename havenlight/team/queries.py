"""What others may read of the team, as typed rows."""

from dataclasses import dataclass

from havenlight.team.errors import NotSetUp
from havenlight.team.models import Epoch, Member, MemberKey, Organisation, TeamWrap
from havenlight.team.permissions import HOLDERS, Right


@dataclass(frozen=True, slots=True)
class KeyRow:
    """What a member's browser needs to open what she may read; all of it sealed."""

    public: bytes
    wrap: bytes
    salt: bytes
    iterations: int
    teams: tuple[tuple[int, bytes, bytes], ...]
    """Epoch, public team key, its private half sealed to her."""


def organisation() -> Organisation:
    """The helpline of this installation, or raise NotSetUp."""
    try:
        return Organisation.objects.get()
    except Organisation.DoesNotExist as error:
        raise NotSetUp from error


def aliases() -> dict[str, str]:
    """The alias of everyone who is or was a member, by her number as the audit has it."""
    return {str(pk): alias for pk, alias in Member.objects.values_list("pk", "alias")}


def holders(right: Right) -> list[Member]:
    """The members who hold `right`."""
    return list(Member.objects.filter(is_active=True, role__in=HOLDERS[right]))


def current_epoch() -> Epoch:
    """The epoch whose team key new conversations are sealed to, or raise NotSetUp."""
    epoch = Epoch.objects.last()
    if epoch is None:
        raise NotSetUp
    return epoch


def is_set_up() -> bool:
    """Whether the organisation has keys, so that a conversation can be sealed to its team."""
    return Epoch.objects.exists()


def published_manifest() -> str:
    """The manifest of today as it is published; empty until the organisation has its keys."""
    return current_epoch().manifest if is_set_up() else ""


def keys_of(member: Member) -> KeyRow:
    """The keys of `member`, sealed; MemberKey.DoesNotExist when she has none, or may have none."""
    key = MemberKey.objects.get(member=member, member__role__in=HOLDERS[Right.VISITORS])
    wraps = TeamWrap.objects.filter(member=member).select_related("epoch").order_by("epoch")
    return KeyRow(
        public=bytes(key.public),
        wrap=bytes(key.wrap),
        salt=bytes(key.salt),
        iterations=key.iterations,
        teams=tuple((row.epoch_id, bytes(row.epoch.public), bytes(row.wrap)) for row in wraps),
    )
