"""What a helpline settled is read as settled; what it did not is as Havenlight comes."""

from datetime import UTC, datetime, time
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from havenlight.team import helpline, starting
from havenlight.team.helpline_models import (
    EmergencyLine,
    HelplineLanguage,
    HouseRules,
    ImageService,
    InformationCard,
    OpeningException,
    OpeningHours,
    OtherHelpline,
    ReadyText,
)
from tests.integration.organisation import make_organisation

pytestmark = pytest.mark.django_db

# A Monday that stays in the future, since exceptions of days ago are not read any more.
NOON = datetime(2099, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _organisation() -> None:
    make_organisation("Europe/Amsterdam")
    starting.add()


def test_what_nobody_settled_is_as_it_comes() -> None:
    assert helpline.opening().takes_new(NOON)
    assert helpline.queue_limit() is None
    assert helpline.figures_threshold() == 5
    assert helpline.theme_css() == ""
    assert [code for code, _ in helpline.languages()] == ["nl", "en"]


def test_hours_and_exceptions_are_read() -> None:
    OpeningHours.objects.create(weekday=0, opens_at=time(10), closes_at=time(14))
    assert helpline.opening().is_open(NOON)
    OpeningException.objects.create(on=NOON.date())
    assert not helpline.opening().is_open(NOON)


def test_a_language_that_is_off_is_not_offered() -> None:
    HelplineLanguage.objects.filter(code="en").update(is_on=False)
    assert [code for code, _ in helpline.languages()] == ["nl"]


def test_empty_words_fall_back_to_the_organisation_s() -> None:
    HelplineLanguage.objects.filter(code="nl").update(name="Havenlicht")
    assert helpline.texts("nl").name == "Havenlicht"
    assert helpline.texts("en").name == "Havenlight"
    assert helpline.texts("pt").closed_text == ""


def test_the_starting_content_obeys_the_rules_of_its_own_forms() -> None:
    for model in (EmergencyLine, HelplineLanguage, OtherHelpline, ReadyText, InformationCard):
        rows = list(model.objects.all())
        assert rows
        for row in rows:
            row.full_clean()


def test_a_helpline_that_was_made_earlier_gets_what_a_new_one_has() -> None:
    tables = partial(apps.get_model, "team")
    new = {name: tables(name).objects.count() for name in ("ImageService", "InformationCard")}
    ImageService.objects.all().delete()
    for model in (HelplineLanguage, OtherHelpline, ReadyText, InformationCard):
        of = "code" if model is HelplineLanguage else "language"
        model.objects.exclude(**{of: "nl"}).delete()
    hers = list(InformationCard.objects.all())
    for _ in range(2):
        starting.add_missing(tables)
        assert {name: tables(name).objects.count() for name in new} == new
    assert set(hers) <= set(InformationCard.objects.all())
    assert [code for code, _ in helpline.languages()] == ["nl", "en"]


def test_a_colour_is_told_for_its_own_kind_of_page_alone() -> None:
    HouseRules.objects.create(accent_light="#165e5a")
    assert helpline.theme_css() == ("@media (prefers-color-scheme:light){:root{--accent:#165e5a}}")


@pytest.mark.parametrize(
    ("model", "fields", "name"),
    [
        (HouseRules, {"figures_threshold": 4}, "no_figure_below_five"),
        (HouseRules, {"id": 2}, "one_set_of_rules_an_installation"),
        (HelplineLanguage, {"code": "ar", "is_on": True}, "no_language_unreviewed"),
        (HelplineLanguage, {"code": "ar", "reviewed_by": "X"}, "reviewed_by_someone_on_some_day"),
        (OpeningException, {"on": NOON.date(), "opens_at": time(9)}, "closed_or_from_and_to"),
        (
            OpeningHours,
            {"weekday": 7, "opens_at": time(9), "closes_at": time(10)},
            "a_day_of_the_week",
        ),
        (OtherHelpline, {"language": "nl", "name": "X"}, "a_number_or_an_address"),
    ],
)
def test_the_database_refuses(model: type[models.Model], fields: dict[str, Any], name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model._default_manager.create(**fields)
