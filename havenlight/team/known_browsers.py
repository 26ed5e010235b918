"""Browsers in which a member came in before: guesses made elsewhere do not close them to her."""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

_COOKIE = "came-in"
_SECONDS = 90 * 24 * 60 * 60


def _signer(email: str) -> TimestampSigner:
    """Its signatures hold for one address, which therefore need not stand in what is signed."""
    return TimestampSigner(salt=f"havenlight/known-browser/{email.lower()}")


def remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Have her browser show, at the page of signing in alone, that she came in with it.

    The cookie is a random value, a time and a signature: it tells nobody whose it is.
    """
    given = number_of(request, email) or secrets.token_urlsafe(16)
    response.set_cookie(
        _COOKIE,
        _signer(email).sign(given),
        max_age=_SECONDS,
        path=reverse("account_login"),
        secure=not settings.DEMO,
        httponly=True,
        samesite="Strict",
    )


def number_of(request: HttpRequest, email: str) -> str | None:
    """The random value of a browser that `email` came in with in the last 90 days, or None."""
    try:
        return _signer(email).unsign(request.COOKIES.get(_COOKIE, ""), max_age=_SECONDS)
    except BadSignature:
        return None
