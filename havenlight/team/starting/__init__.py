"""What a helpline begins with: texts, cards and other services in every language."""

import tomllib
from importlib.resources import files
from typing import Any

from django.db import transaction

from havenlight.team.codes import Taken
from havenlight.team.helpline_models import (
    EmergencyLine,
    HelplineLanguage,
    ImageService,
    InformationCard,
    OtherHelpline,
    ReadyText,
)
from havenlight.team.languages import ALL, OURS

REMOVERS = (
    ("", "Take It Down", "https://takeitdown.ncmec.org/", Taken.MINOR, True),
    ("", "StopNCII", "https://stopncii.org/", Taken.ADULT, True),
    ("NL", "Helpwanted", "https://www.helpwanted.nl/", Taken.ANY, False),
)
"""Who removes pictures. Looked up in November 2026; a coordinator keeps them true."""

NEIGHBOURS = {"BE": "112", "DE": "112", "GB": "999"}


def add() -> None:
    """Add what a helpline in the Netherlands may begin with, for its coordinators to change."""
    with transaction.atomic():
        for country, number in NEIGHBOURS.items():
            EmergencyLine.objects.create(country=country, number=number)
        for country, name, address, taken, without_upload in REMOVERS:
            ImageService.objects.create(
                country=country,
                name=name,
                address=address,
                taken=taken,
                without_upload=without_upload,
            )
        for language in ALL:
            _add_language(language, read(language))


def read(language: str) -> dict[str, Any]:
    """The content in a language as its file has it."""
    return tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))


def _add_language(language: str, content: dict[str, Any]) -> None:
    HelplineLanguage.objects.create(code=language, is_on=language in OURS, **content["texts"])
    for position, service in enumerate(content["helpline"]):
        OtherHelpline.objects.create(language=language, position=position, **service)
    for topic, sentences in content["ready"].items():
        for text in sentences:
            ReadyText.objects.create(language=language, topic=topic, text=text)
    for card in content["card"]:
        InformationCard.objects.create(language=language, **card)
