"""Whether a colour can be read on the visitor's pages, by the formula of WCAG 2.2."""

import re

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

ENOUGH = 4.5
"""Contrast of text and its ground at level AA: WCAG 2.2, success criterion 1.4.3."""

# Where chat/visit.css puts the accent: as text on these grounds, and below text of this colour.
LIGHT = {"grounds": ("#f6f3ee", "#fffefb", "#e4efe9"), "on_accent": "#ffffff"}
DARK = {"grounds": ("#121918", "#1b2423", "#1b2b29"), "on_accent": "#07302d"}

_COLOUR = re.compile(r"^#[0-9a-f]{6}\Z")


def contrast(one: str, other: str) -> float:
    """The contrast of two colours written as #rrggbb, from 1 to 21.

    Source: WCAG 2.2, "relative luminance" and "contrast ratio".
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def check_accent_light(colour: str) -> None:
    """Raise ValidationError unless the accent can be read everywhere on a light page."""
    _check(colour, [*LIGHT["grounds"], str(LIGHT["on_accent"])])


def check_accent_dark(colour: str) -> None:
    """Raise ValidationError unless the accent can be read everywhere on a dark page."""
    _check(colour, [*DARK["grounds"], str(DARK["on_accent"])])


def _check(colour: str, beside: list[str]) -> None:
    if not _COLOUR.match(colour):
        raise ValidationError(_("Write the colour as # and six of 0-9 and a-f, such as #165e5a."))
    lowest = min(contrast(colour, other) for other in beside)
    if lowest < ENOUGH:
        raise ValidationError(
            _("This colour is too hard to read: its contrast is %(found)s, and 4.5 is needed."),
            params={"found": number_format(int(lowest * 100) / 100, 2)},
        )
