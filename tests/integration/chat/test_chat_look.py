"""The visitor's pages say and look what the helpline settled, under the same strict policy."""

import re
from base64 import b64encode
from datetime import date
from hashlib import sha256

import pytest
from django.test import Client

from havenlight.team.helpline_models import HelplineLanguage, HouseRules
from havenlight.team.models import Epoch, Organisation
from tests.integration.organisation import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _helpline() -> None:
    Epoch.objects.create(number=1, public=bytes(65), manifest="x")
    make_organisation()


def test_its_own_words_stand_on_her_page_and_else_those_that_come_with_it() -> None:
    HelplineLanguage.objects.create(
        code="en", is_on=True, name="Haven", page_title="Weather", heading="Hello", lead="Come in."
    )
    page = Client().get("/en").content.decode()
    assert "<title>Weather</title>" in page
    for words in ("Haven", "Hello", "Come in."):
        assert words in page
    assert "You can talk to someone here" not in page
    assert "<title>Info</title>" in Client().get("/nl").content.decode()


def test_a_language_that_is_off_is_neither_offered_nor_there() -> None:
    HelplineLanguage.objects.create(code="en", is_on=False)
    assert Client().get("/en").status_code == 404
    page = Client().get("/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="nl" dir="ltr">' in page
    assert 'hreflang="en"' not in page


def test_a_language_that_a_speaker_reviewed_is_there_and_runs_as_it_is_written() -> None:
    review(is_on=False)
    asked = {"Accept-Language": "ar-SY, en;q=0.5"}
    for path in ("/ar", "/ar/help", "/ar/info", "/ar/status"):
        assert Client().get(path).status_code == 404, path
    assert '<html lang="en" dir="ltr">' in Client().get("/", headers=asked).content.decode()
    review(is_on=True)
    for path in ("/", "/ar/help", "/ar/info", "/ar/status", "/plain"):
        page = Client().get(path, headers=asked).content.decode()
        assert '<html lang="ar" dir="rtl">' in page, path
    assert 'hreflang="ar"' in Client().get("/nl").content.decode()


def review(*, is_on: bool) -> None:
    """Switch Arabic on or off, reviewed."""
    HelplineLanguage.objects.update_or_create(
        code="ar",
        defaults={"is_on": is_on, "reviewed_by": "Samira", "reviewed_on": date(2026, 11, 1)},
    )


def test_a_page_that_is_not_here_speaks_her_language_with_the_helpline_s_number() -> None:
    Organisation.objects.update(emergency_number="0113")
    asked = {"Accept-Language": "ar"}
    answer = Client().get("/not-here", headers=asked)
    assert (answer.status_code, "tel:0113" in answer.content.decode()) == (404, True)
    assert '<html lang="en" dir="ltr">' in answer.content.decode()
    review(is_on=True)
    assert 'lang="ar" dir="rtl"' in Client().get("/not-here", headers=asked).content.decode()


def test_a_page_that_is_not_here_is_there_without_a_helpline() -> None:
    Organisation.objects.all().delete()
    answer = Client().get("/not-here", headers={"Accept-Language": "nl"})
    assert (answer.status_code, "tel:112" in answer.content.decode()) == (404, True)


def test_its_colours_are_in_the_style_that_the_policy_lets_through() -> None:
    HouseRules.objects.create(accent_light="#7a1f5c", accent_dark="#ffb0e0", icon="leaf")
    answer = Client().get("/nl")
    found = re.search(r"<style>(.*?)</style>", answer.content.decode(), re.DOTALL)
    assert found
    assert "--accent:#7a1f5c" in found[1]
    source = b64encode(sha256(found[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{source}'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert 'd="M3 13' in answer.content.decode() or "d='M3 13" in answer.content.decode()


def test_the_pages_without_scripts_have_the_same_title_and_colours() -> None:
    HouseRules.objects.create(accent_light="#7a1f5c")
    colours = Client().get("/look.css")
    assert "--accent:#7a1f5c" in colours.content.decode()
    assert colours.headers["Cache-Control"] == "no-store"
    HelplineLanguage.objects.create(code="nl", is_on=True, page_title="Weer")
    for path in ("/nl/help", "/plain"):
        page = Client().get(path, headers={"Accept-Language": "nl"}, follow=True).content.decode()
        assert "<title>Weer</title>" in page, path
        assert 'href="/look.css"' in page, path
