"""Whether a session has passed a second factor; allauth notes in it how its member signed in."""

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from havenlight.team.models import Member

FRESH_SECONDS = 15 * 60
"""So long after she showed who she is a member may change how she signs in."""


def is_given(request: HttpRequest) -> bool:
    """Whether whoever is signed in may see anything.

    A passkey is two factors in one: the thing itself, and the finger or PIN that unlocks it. The
    demo's members come by their password alone; `team.checks` lets DEMO hold for no other.
    """
    return settings.DEMO or any(one["method"] == "mfa" for one in _records(request))


def is_fresh(request: HttpRequest) -> bool:
    """Whether she showed who she is so lately that nobody else can have come to her screen."""
    return any(time.time() - one["at"] < FRESH_SECONDS for one in _records(request))


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    member = request.user
    if not isinstance(member, Member):
        return []
    found: list[dict[str, Any]] = get_authentication_records(request, member)
    return found
