"""The secret of an app as a picture for its camera, and as letters for who cannot use one."""

from dataclasses import dataclass

from allauth.mfa.adapter import get_adapter

from havenlight.core.qr import picture_of
from havenlight.team.models import Member


@dataclass(frozen=True, slots=True)
class AppCode:
    """What an app is shown: outline of the dark squares, size of the picture, secret."""

    path: str
    size: int
    secret: str


def app_code(member: Member, secret: str) -> AppCode:
    """The code of `member`, whose app makes six digits from `secret`."""
    picture = picture_of(get_adapter().build_totp_url(member, secret))
    letters = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return AppCode(picture.path, picture.size, letters)
