"""Shares are put in words by one rule."""

import pytest

from havenlight.figures.fractions import in_words


@pytest.mark.parametrize(
    ("share", "english", "dutch"),
    [
        (0.1895, "almost one in five", "bijna een op de vijf"),
        (0.16, "almost one in six", "bijna een op de zes"),
        (0.067, "one in fifteen", "een op de vijftien"),
        (0.143, "one in seven", "een op de zeven"),
        (0.25, "a quarter", "een kwart"),
        (0.26, "just over a quarter", "ruim een kwart"),
        (0.667, "two thirds", "twee derde"),
        (0.75, "three quarters", "drie kwart"),
        (0.52, "about half", "ongeveer de helft"),
        (0.98, "nearly all", "bijna iedereen"),
        (0.01, "very few", "een enkeling"),
    ],
)
def test_a_share_is_said_as_the_rule_says(share: float, english: str, dutch: str) -> None:
    assert (in_words(share, "en"), in_words(share, "nl")) == (english, dutch)


@pytest.mark.parametrize("share", [0.0, 0.29, 0.45, 0.7, 1.0])
def test_a_share_far_from_every_fraction_is_not_put_in_words(share: float) -> None:
    assert in_words(share, "en") is None


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.205, "one in five"), (0.206, "just over one in five"), (0.215, "just over one in five"),
        (0.216, "about one in five"), (0.225, "about one in five"), (0.226, "about a quarter"),
        (0.195, "one in five"), (0.194, "almost one in five"),
    ],
)  # fmt: skip
def test_the_borders_of_the_rule_belong_to_the_nearer_word(share: float, said: str) -> None:
    assert in_words(share, "en") == said
