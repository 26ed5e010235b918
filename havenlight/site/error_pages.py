"""What she sees when a page is not there or fails: in her language, with the helpline's number."""

from contextlib import suppress
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from havenlight.chat import look
from havenlight.team import queries as team
from havenlight.team.errors import NotSetUp


def _page(request: HttpRequest, status: int) -> HttpResponse:
    language, context = "en", dict[str, Any]()
    # That the database is away may be why it failed.
    with suppress(DatabaseError, NotSetUp):
        context["organisation"] = team.organisation()
        language = look.language_of(request, None)
    with translation.override(language):
        page = render_to_string(f"{status}.html", {**context, "lang": language})
    return HttpResponse(page, status=status)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Refuse what makes no sense."""
    return _page(request, 400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Refuse what is not for her."""
    return _page(request, 403)


def not_from_here(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form that no page of ours, or none of this session, has sent."""
    return _page(request, 403)


def not_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page."""
    return _page(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault."""
    return _page(request, 500)
