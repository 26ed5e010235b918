"""What allauth asks of us: where a member goes, what things are called, what is kept sealed."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from functools import cache

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse

from havenlight.team import queries
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
