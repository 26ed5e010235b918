"""What a helpline begins with: texts, cards and other services in every language."""

import tomllib
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model

from havenlight.team.codes import Taken
from havenlight.team.languages import ALL, OURS

REMOVERS = (
    ("", "Take It Down", "https://takeitdown.ncmec.org/", Taken.MINOR, True),
    ("", "StopNCII", "https://stopncii.org/", Taken.ADULT, True),
    ("NL", "Helpwanted", "https://www.helpwanted.nl/", Taken.ANY, False),
)
"""Who removes pictures. Looked up in November 2026; a coordinator keeps them true."""

NEIGHBOURS = {"BE": "112", "DE": "112", "GB": "999"}


Models = Callable[[str], type[Model]]
"""A table of `team` by its name, as it is now or, in a migration, as it was then."""


def add() -> None:
    """Add what a helpline in the Netherlands may begin with, for its coordinators to change."""
    lines = _tables("EmergencyLine")._default_manager
    with transaction.atomic():
        for country, number in NEIGHBOURS.items():
            lines.create(country=country, number=number)
        add_missing(_tables)


def add_missing(tables: Models) -> None:
    """Add languages of which nothing is there yet, and who removes pictures when nobody is told.

    An organisation that was made by an earlier version has no more than that version came with.
    """
    services = tables("ImageService")._default_manager
    if not services.exists():
        for country, name, address, taken, without_upload in REMOVERS:
            services.create(
                country=country,
                name=name,
                address=address,
                taken=taken,
                without_upload=without_upload,
            )
    for language in ALL:
        if not tables("HelplineLanguage")._default_manager.filter(code=language).exists():
            _add_language(language, read(language), tables)


def read(language: str) -> dict[str, Any]:
    """The content in a language as its file has it."""
    return tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))


def _add_language(language: str, content: dict[str, Any], tables: Models) -> None:
    languages = tables("HelplineLanguage")._default_manager
    languages.create(code=language, is_on=language in OURS, **content["texts"])
    others, ready, cards = (
        tables(name)._default_manager for name in ("OtherHelpline", "ReadyText", "InformationCard")
    )
    # Nothing is doubled of a helpline that wrote its own before the language had a row.
    if any(one.filter(language=language).exists() for one in (others, ready, cards)):
        return
    for position, service in enumerate(content["helpline"]):
        others.create(language=language, position=position, **service)
    for topic, sentences in content["ready"].items():
        for text in sentences:
            ready.create(language=language, topic=topic, text=text)
    for card in content["card"]:
        cards.create(language=language, **card)


def _tables(name: str) -> type[Model]:
    return apps.get_model("team", name)
