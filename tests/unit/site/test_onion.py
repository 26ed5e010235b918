"""The way to the onion service."""

from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from havenlight.site.middleware import onion_location

ONION = "http://" + "a" * 56 + ".onion"


def answer(settings: Settings, host: str, origin: str = ONION) -> HttpResponse:
    """To a request for the page in English."""
    settings.ONION_ORIGIN = origin
    settings.ALLOWED_HOSTS = [host]
    request = RequestFactory().get("/en", headers={"host": host})
    return onion_location(lambda _: HttpResponse())(request)


def test_a_page_tells_where_it_is_as_an_onion_service(settings: Settings) -> None:
    assert answer(settings, "example.org")["Onion-Location"] == f"{ONION}/en"


def test_the_onion_service_itself_does_not_tell(settings: Settings) -> None:
    assert "Onion-Location" not in answer(settings, ONION.removeprefix("http://"))


def test_without_an_onion_service_nothing_is_told(settings: Settings) -> None:
    assert "Onion-Location" not in answer(settings, "example.org", origin="")
