"""A text as a picture that a phone's camera reads."""

from dataclasses import dataclass

import qrcode

_BORDER = 4  # modules; the QR code's own specification asks for four


@dataclass(frozen=True, slots=True)
class Picture:
    """The outline of the dark squares, and how many squares wide the whole is."""

    path: str
    size: int


def picture_of(text: str) -> Picture:
    """The QR code of `text`, with its quiet border."""
    code = qrcode.QRCode(border=_BORDER)
    code.add_data(text)
    rows = code.get_matrix()
    squares = (
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return Picture("".join(squares), len(rows))
