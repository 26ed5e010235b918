"""What allauth asks of us: where a member goes, what things are called, what is kept sealed."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse

from havenlight.team import known_browsers, queries
from havenlight.team.models import Member


@cache
def _sealer() -> Fernet:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"havenlight/second-factor", hashlib.sha256)
    return Fernet(urlsafe_b64encode(key))


class SignInAdapter(DefaultAccountAdapter):
    """Signing in by invitation alone; the page that follows is that of the member's role."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody joins but by a link."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where she goes when she came for no page in particular."""
        member = request.user
        role = member.role if isinstance(member, Member) else ""
        return resolve_url(settings.WORKPLACES.get(role, settings.LOGIN_REDIRECT_URL))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt, until the password proves right: for its address, and with all others.

        A browser that she came in with before has a count of its own: who guesses elsewhere, at her
        address or at many, cannot keep her out of it.
        """
        super().pre_authenticate(request, **credentials)
        usage = self._login_failed_rl_usage
        if usage is None or known_browsers.number_of(request, credentials.get("email", "")):
            return
        together = ratelimit.consume(
            request, app="allauth.account", action="login_failed_together", key="all"
        )
        if not together:
            self._rollback_login_failed_rl_usage()
            raise self.validation_error("too_many_login_attempts")
        # Both are taken back when the password proves right.
        usage.usage += together.usage

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{known_browsers.number_of(request, credentials.get('email', '')) or ''}"

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **given: Any
    ) -> HttpResponse:
        """Where she goes, by a browser that is known from now on."""
        response = super().post_login(request, user, **given)
        known_browsers.remember(request, response, user.get_username())
        return response

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """A closed account is answered like one that is not there."""
        return HttpResponseRedirect(reverse("account_login"))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names the helpline in a member's phone, and seals what a second factor rests on."""

    def get_totp_issuer(self) -> str:
        """The helpline's name."""
        return queries.organisation().name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site that a passkey is for, with the helpline's name."""
        return super().get_public_key_credential_rp_entity() | {"name": queries.organisation().name}

    def encrypt(self, text: str) -> str:
        """What the database keeps of a secret: nothing without SECRET_KEY."""
        return _sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return _sealer().decrypt(encrypted_text.encode()).decode()
