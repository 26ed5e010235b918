"""What a visitor may have erased, and what will be erased by time."""

import logging
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from havenlight.chat.errors import NotAllowed, TooManyGuesses
from havenlight.chat.forms import KEY_BYTES, read_bytes
from havenlight.chat.plain import coming
from havenlight.chat.plain.pages import from_our_page
from havenlight.core.endpoints import Fields, json_endpoint
from havenlight.core.refusals import Refused
from havenlight.retention import actions
from havenlight.retention.errors import NotPurged
from havenlight.retention.words import clock_words
from havenlight.team import queries as team
from havenlight.team.gate import MemberRequest, page_for
from havenlight.team.permissions import Right

_GUESSES_SECONDS = 60
_AHEAD_DAYS = (0, 7, 30)
_log = logging.getLogger(__name__)


@csrf_exempt
@json_endpoint
def mine(_request: HttpRequest, fields: Fields) -> None:
    """Erase every closed conversation that the visitor's return code opens."""
    try:
        _erase(read_bytes(fields, "lookup", KEY_BYTES))
    except NotAllowed:
        raise Refused("unknown") from None
    except TooManyGuesses:
        raise Refused("too_fast", _GUESSES_SECONDS) from None


@require_POST
@from_our_page
def mine_without_scripts(request: HttpRequest) -> HttpResponse:
    """The same as a plain form: her words are stretched here, and forgotten."""
    if "sure" not in request.POST and coming.words_of(request):
        return coming.refuse(request, "sure")
    return coming.decide(request, coming.Done.ERASED, _erase)


def _erase(lookup: bytes) -> None:
    try:
        actions.erase_by_code(lookup)
    except NotPurged:
        # Her rows are gone and noted; the nightly run takes their bytes.
        _log.warning("bytes of erased conversations are left to the next `havenlight erase`")


@require_GET
@page_for(Right.SETTINGS)
def preview(request: MemberRequest) -> HttpResponse:
    """How much goes tonight, within a week and within a month, for who settles how long."""
    now = timezone.now()
    ahead = [actions.preview(now + timedelta(days=days)) for days in _AHEAD_DAYS]
    rows = [
        {
            "what": clock_words(same[0].clock),
            "days": same[0].days,
            "counts": [one.count for one in same],
        }
        for same in zip(*ahead, strict=True)
    ]
    context = {"member": request.user, "organisation": team.organisation(), "rows": rows}
    return render(request, "retention/preview.html", context)
