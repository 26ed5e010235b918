"""A share in words such as "almost one in five", by one rule for every figure.

The rule: take the nearest fraction of the list. Within half a per cent point of it, it is said as
it is; up to one and a half below it "almost", as much above it "just over"; up to two and a half
away on either side "about". Further away no fraction is said, only the per cents. Below 2 per cent
it is "very few", from 97 per cent on "nearly all"; 0 and 100 per cent are never put in words.
"""

from dataclasses import dataclass
from enum import StrEnum

from havenlight.casework.codebook import Text

EXACT, NEAR, AROUND = 0.005, 0.015, 0.025
FEW, NEARLY_ALL = 0.02, 0.97


class Nearness(StrEnum):
    """How a share lies to the fraction that it is said with."""

    EXACT = "exact"
    ALMOST = "almost"
    OVER = "over"
    ABOUT = "about"


SAID = {
    Nearness.EXACT: Text("", ""),
    Nearness.ALMOST: Text("bijna ", "almost "),
    Nearness.OVER: Text("ruim ", "just over "),
    Nearness.ABOUT: Text("ongeveer ", "about "),
}

FRACTIONS: tuple[tuple[int, int, Text], ...] = (
    (1, 20, Text("een op de twintig", "one in twenty")),
    (1, 15, Text("een op de vijftien", "one in fifteen")),
    (1, 10, Text("een op de tien", "one in ten")),
    (1, 8, Text("een op de acht", "one in eight")),
    (1, 7, Text("een op de zeven", "one in seven")),
    (1, 6, Text("een op de zes", "one in six")),
    (1, 5, Text("een op de vijf", "one in five")),
    (1, 4, Text("een kwart", "a quarter")),
    (1, 3, Text("een derde", "a third")),
    (2, 5, Text("twee op de vijf", "two in five")),
    (1, 2, Text("de helft", "half")),
    (3, 5, Text("drie op de vijf", "three in five")),
    (2, 3, Text("twee derde", "two thirds")),
    (3, 4, Text("drie kwart", "three quarters")),
    (4, 5, Text("vier op de vijf", "four in five")),
    (9, 10, Text("negen op de tien", "nine in ten")),
)


@dataclass(frozen=True, slots=True)
class Said:
    """The fraction nearest to a share, and how it lies to it."""

    of: tuple[int, int]
    nearness: Nearness
    words: Text


def nearest(share: float) -> Said | None:
    """The fraction to say a share (0 to 1) with, or None when none is near enough."""
    top, bottom, words = min(FRACTIONS, key=lambda each: abs(share - each[0] / each[1]))
    away = share - top / bottom
    # Per cents are compared as printed: 0.005 away is half a per cent point, whatever floats say.
    distance = round(abs(away), 9)
    if distance > AROUND:
        return None
    if distance <= EXACT:
        nearness = Nearness.EXACT
    elif distance > NEAR:
        nearness = Nearness.ABOUT
    else:
        nearness = Nearness.ALMOST if away < 0 else Nearness.OVER
    return Said((top, bottom), nearness, words)


def in_words(share: float, language: str) -> str | None:
    """A share (0 to 1) as a phrase in one of LANGUAGES, or None when only per cents will do."""
    if share < FEW:
        return Text("een enkeling", "very few").in_language(language) if share > 0 else None
    if share >= NEARLY_ALL:
        return Text("bijna iedereen", "nearly all").in_language(language) if share < 1 else None
    said = nearest(share)
    if said is None:
        return None
    return SAID[said.nearness].in_language(language) + said.words.in_language(language)
