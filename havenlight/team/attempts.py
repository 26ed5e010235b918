"""How the attempts to sign in are counted without telling whose they were."""

import hashlib
import hmac

from django.conf import settings


def cache_key(key: str, prefix: str, version: int) -> str:
    """A key of the cache, under a secret: who reads the cache cannot try addresses on it."""
    named = f"{prefix}:{version}:{key}".encode()
    return hmac.digest(settings.SECRET_KEY.encode(), named, hashlib.sha256).hex()
