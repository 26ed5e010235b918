"""What members seal for each other opens for the team, in its place alone."""

from dataclasses import replace

import pytest

from havenlight.core.ids import new_id
from havenlight.core.seal import asides
from havenlight.core.seal.asides import About, Kind
from havenlight.core.seal.errors import SealBroken, TextRefused
from havenlight.core.seal.keys import new_key, public_of

TEAM = new_key()
NOTE = About(Kind.NOTE, new_id(), 7, new_id())


def sealed(text: str = "een notitie") -> bytes:
    return asides.seal(text, NOTE, public_of(TEAM), at=29_650_000)


def test_a_note_opens_and_its_length_says_little() -> None:
    assert asides.open_(sealed("é" * 4_000), NOTE, TEAM) == "é" * 4_000
    assert len(sealed("a")) == len(sealed("b" * 200)) == asides.HEAD_BYTES + asides.STEP_BYTES


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(NOTE, kind=Kind.ROOM),
        replace(NOTE, id=new_id()),
        replace(NOTE, epoch=8),
        replace(NOTE, subject=new_id()),
    ],
)
def test_it_opens_nowhere_else(elsewhere: About) -> None:
    with pytest.raises(SealBroken):
        asides.open_(sealed(), elsewhere, TEAM)


def test_it_opens_with_no_other_key() -> None:
    with pytest.raises(SealBroken):
        asides.open_(sealed(), NOTE, new_key())


@pytest.mark.parametrize("text", ["", "x" * 4_001, "😀" * 4_000])
def test_a_text_that_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(TextRefused):
        asides.seal(text, NOTE, public_of(TEAM), at=0)
