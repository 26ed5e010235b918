"""What every page of every domain answers with."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_Handler = Callable[[HttpRequest], HttpResponse]


def no_store(get_response: _Handler) -> _Handler:
    """Keep every page out of every cache: the next person at the device must not find it.

    Static files are served before this runs and may be kept.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Cache-Control"] = "no-store"
        return response

    return handle


def onion_location(get_response: _Handler) -> _Handler:
    """Tell Tor Browser where the same page is as an onion service, when the helpline has one."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.ONION_ORIGIN and not request.get_host().endswith(".onion"):
            response["Onion-Location"] = settings.ONION_ORIGIN + request.path
        return response

    return handle
