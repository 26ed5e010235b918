"""What a coordinator may not choose: an exit that gives her away, a colour that cannot be read."""

import re

import pytest
from django.core.exceptions import ValidationError

from havenlight.team.colours import check_accent_dark, check_accent_light, contrast
from havenlight.team.exits import check_exit, check_public_address
from havenlight.team.languages import ALL
from havenlight.team.starting import NEIGHBOURS, read


@pytest.mark.parametrize(
    "address",
    [
        "https://www.google.nl/",
        "https://duckduckgo.com/",
        "https://nl.search.yahoo.com/",
        "http://www.wikipedia.org/",
        "javascript:alert(1)",
        "https://localhost/",
        "https://name:word@example.org/",
        "https://www.example.org/?q=help",
        "https://www.example.org/#help",
    ],
)
def test_an_exit_that_gives_her_away_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        check_exit(address)


@pytest.mark.parametrize("address", ["https://www.wikipedia.org/", "https://www.buienradar.nl/"])
def test_a_plain_page_may_be_the_exit(address: str) -> None:
    check_exit(address)


def test_contrast_is_that_of_wcag() -> None:
    # The examples that W3C's technique G18 and its checkers give.
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_a_colour_that_cannot_be_read_is_refused_with_its_contrast() -> None:
    check_accent_light("#165e5a")
    check_accent_dark("#86cdc6")
    for check, colour in ((check_accent_light, "#86cdc6"), (check_accent_dark, "#165e5a")):
        with pytest.raises(ValidationError, match=r"contrast is [1-3]\.\d\d"):
            check(colour)
    with pytest.raises(ValidationError, match="six of"):
        check_accent_light("red")


@pytest.mark.parametrize("language", ALL.keys() - {"en"})
def test_every_language_begins_with_the_same_things(language: str) -> None:
    told, english = read(language), read("en")
    assert told["texts"].keys() == english["texts"].keys()
    assert {topic: len(texts) for topic, texts in told["ready"].items()} == {
        topic: len(texts) for topic, texts in english["ready"].items()
    }
    same = ("topic", "for_whom")
    assert [[card[key] for key in same] for card in told["card"]] == [
        [card[key] for key in same] for card in english["card"]
    ]
    reached_by = ("number", "address")
    assert [[service.get(key) for key in reached_by] for service in told["helpline"]] == [
        [service.get(key) for key in reached_by] for service in english["helpline"]
    ]


def test_every_number_of_a_card_is_the_same_in_every_language() -> None:
    """A wrong digit would leave her without help."""

    def numbers(card: dict[str, str]) -> list[str]:
        found = re.findall(r"[0-9][0-9 -]*[0-9]", card["text"])
        return sorted(number.replace(" ", "").replace("-", "") for number in found)

    for language in ALL:
        for card, english in zip(read(language)["card"], read("en")["card"], strict=True):
            assert numbers(card) == numbers(english), (language, card["title"])


def test_other_services_are_public_and_in_the_same_country() -> None:
    for service in read("en")["helpline"]:
        if "address" in service:
            check_public_address(service["address"])
    assert "NL" not in NEIGHBOURS
