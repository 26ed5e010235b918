"""The secret of an app as a picture for its camera, and as letters for who cannot use one."""

from dataclasses import dataclass

import qrcode
from allauth.mfa.adapter import get_adapter

from havenlight.team.models import Member

_BORDER = 4  # modules; the QR code's own specification asks for four


@dataclass(frozen=True, slots=True)
class AppCode:
    """What an app is shown: outline of the dark squares, size of the picture, secret."""

    path: str
    size: int
    secret: str


def app_code(member: Member, secret: str) -> AppCode:
    """The code of `member`, whose app makes six digits from `secret`."""
    code = qrcode.QRCode(border=_BORDER)
    code.add_data(get_adapter().build_totp_url(member, secret))
    rows = code.get_matrix()
    squares = [
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    ]
    letters = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return AppCode("".join(squares), len(rows), letters)
