"""Links for who has no account: a random token, of which only a check is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Link:
    """A fresh link: `token` is shown once, `check` is stored."""

    token: str
    check: bytes
    expires_at: datetime


def new_link() -> Link:
    """A link that lasts `REFERRAL_LINK_DAYS`."""
    token = secrets.token_urlsafe(32)
    expires_at = timezone.now() + timedelta(days=settings.REFERRAL_LINK_DAYS)
    return Link(token, check_of(token), expires_at)


def check_of(token: str) -> bytes:
    """What is stored of a token; it is random, so that one round is enough."""
    return hashlib.sha256(token.encode()).digest()
