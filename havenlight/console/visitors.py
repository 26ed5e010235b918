"""What a visitor decides herself about what is kept of her, also long after the chat.

It is here, since only `console` knows what a thread of chat became in casework and referral.
"""

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from havenlight.chat import returning
from havenlight.chat.errors import NotAllowed, TooManyGuesses
from havenlight.chat.forms import KEY_BYTES, read_bytes
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
    hers = returning.conversations_in(_thread(request, fields))
    return {"count": referral.withdraw_all(hers)}


@csrf_exempt
@json_endpoint
def codes(request: HttpRequest, fields: Fields) -> None:
    """Let what is coded of her be counted, or not."""
    use = fields.get("use")
    if not isinstance(use, bool):
        raise Refused("malformed")
    thread_id = _thread(request, fields)
    registering.object_to_codes(thread_id, None if use else timezone.now())


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
