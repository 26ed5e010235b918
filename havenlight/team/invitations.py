"""Links by which a member joins or comes back in: random, lasting 72 hours, good for once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from havenlight.team.entrance_models import Invitation
from havenlight.team.errors import NotAllowed
from havenlight.team.models import Member

LINK_HOURS = 72


@dataclass(frozen=True, slots=True)
class Link:
    """A fresh link: `token` is shown once, and only its check is stored."""

    token: str
    expires_at: datetime


def issue(member: Member) -> Link:
    """A link for `member`; one that she had before opens nothing any more."""
    link = Link(secrets.token_urlsafe(32), timezone.now() + timedelta(hours=LINK_HOURS))
    Invitation.objects.update_or_create(
        member=member,
        defaults={"check_value": check_of(link.token), "expires_at": link.expires_at},
    )
    return link


def check_of(token: str) -> bytes:
    """What is stored of a token; it is random, so that one round is enough."""
    return hashlib.sha256(token.encode()).digest()


def invited_by(check: bytes) -> Member:
    """Whom the link with this check invites, or raise NotAllowed."""
    live = Invitation.objects.filter(expires_at__gt=timezone.now(), member__removed_at=None)
    found = live.filter(check_value=check).select_related("member").first()
    if found is None:
        raise NotAllowed
    return found.member


def use(member: Member, check: bytes) -> None:
    """Use the link up, or raise NotAllowed: of two who follow it at once one comes too late."""
    live = Invitation.objects.filter(expires_at__gt=timezone.now(), member__removed_at=None)
    used, _ = live.filter(member=member, check_value=check).delete()
    if not used:
        raise NotAllowed
