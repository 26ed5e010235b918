"""Krippendorff's alpha by variable, as published, and where it says nothing."""

import pytest

from havenlight.casework.agreement import agreements
from tests.unit.casework.books import code, make_codebook, variable

BOOK = make_codebook(variable("colour", "one", *(code(name) for name in "abcde")))

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section B: nominal data of two
# observers without missing values; alpha 0.692.
FIRST, SECOND = "aabbdcccedda", "babbbccceddd"


def of(first: str, second: str) -> tuple[int, int, float | None]:
    codings = [
        ({"colour": one}, {"colour": other}) for one, other in zip(first, second, strict=True)
    ]
    (found,) = agreements(BOOK, codings)
    return found.pairs, found.alike, found.alpha


def test_alpha_is_that_of_the_publication() -> None:
    pairs, alike, alpha = of(FIRST, SECOND)
    assert (pairs, alike) == (12, 9)
    assert alpha == pytest.approx(0.692, abs=0.0005)


@pytest.mark.parametrize(("first", "second"), [("", ""), ("a", "b"), ("aaa", "aaa")])
def test_where_chance_cannot_be_told_there_is_no_alpha(first: str, second: str) -> None:
    assert of(first, second)[2] is None


def test_whom_a_variable_does_not_apply_to_is_left_out() -> None:
    absent = {"colour": "not_applicable"}
    codings = [(absent, absent), ({"colour": "a"}, absent), ({"colour": "b"}, {"colour": "b"})]
    (found,) = agreements(BOOK, codings)
    assert (found.pairs, found.alike) == (2, 1)
