"""What a visitor decides herself about what is kept of her, also long after the chat.

It is here, since only `console` knows what a thread of chat became in casework and referral.
"""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from havenlight.chat import returning
from havenlight.chat.errors import NotAllowed, TooManyGuesses
from havenlight.chat.forms import KEY_BYTES, read_bytes
from havenlight.chat.plain import coming
from havenlight.chat.plain.pages import from_our_page
from havenlight.console import registering
from havenlight.console.granting import Answer
from havenlight.core.endpoints import Fields, conversation_of, json_endpoint
from havenlight.core.refusals import Refused
from havenlight.referral import actions as referral

_GUESSES_SECONDS = 60


@csrf_exempt
@json_endpoint
def take_back(request: HttpRequest, fields: Fields) -> Answer:
    """Take back every yes to a referral that her code or her token opens; tell how many."""
    return {"count": _take_back(_thread(request, fields))}


@csrf_exempt
@json_endpoint
def codes(request: HttpRequest, fields: Fields) -> None:
    """Let what is coded of her be counted, or not."""
    use = fields.get("use")
    if not isinstance(use, bool):
        raise Refused("malformed")
    thread_id = _thread(request, fields)
    registering.object_to_codes(thread_id, None if use else timezone.now())


@require_POST
@from_our_page
def without_scripts(request: HttpRequest) -> HttpResponse:
    """The same two by her words as a plain form: they are stretched here, and forgotten."""
    asked = request.POST.get("do", "")
    if asked not in _PLAIN:
        raise BadRequest
    done, act = _PLAIN[asked]
    return coming.decide(request, done, lambda lookup: act(returning.thread_of(lookup).pk))


def _take_back(thread_id: UUID) -> int:
    return referral.withdraw_all(returning.conversations_in(thread_id))


def _object(thread_id: UUID) -> None:
    registering.object_to_codes(thread_id, timezone.now())


_PLAIN: dict[str, tuple[coming.Done, Callable[[UUID], object]]] = {
    "codes": (coming.Done.CODES, _object),
    "consent": (coming.Done.CONSENT, _take_back),
}


def _thread(request: HttpRequest, fields: Fields) -> UUID:
    """Hers: by her return code, or else by the token of a conversation."""
    try:
        if "lookup" in fields:
            return returning.thread_of(read_bytes(fields, "lookup", KEY_BYTES)).pk
        return returning.thread_in(conversation_of(request))
    except NotAllowed:
        raise Refused("unknown") from None
    except TooManyGuesses:
        raise Refused("too_fast", _GUESSES_SECONDS) from None
