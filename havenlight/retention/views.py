"""What a visitor may have erased."""

import logging

from django.http import HttpRequest
from django.views.decorators.csrf import csrf_exempt

from havenlight.chat.errors import NotAllowed, TooManyGuesses
from havenlight.chat.forms import KEY_BYTES, read_bytes
from havenlight.core.endpoints import Fields, json_endpoint
from havenlight.core.refusals import Refused
from havenlight.retention import actions
from havenlight.retention.errors import NotPurged

_GUESSES_SECONDS = 60
_log = logging.getLogger(__name__)


@csrf_exempt
@json_endpoint
def mine(_request: HttpRequest, fields: Fields) -> None:
    """Erase every closed conversation that the visitor's return code opens."""
    try:
        actions.erase_by_code(read_bytes(fields, "lookup", KEY_BYTES))
    except NotAllowed:
        raise Refused("unknown") from None
    except TooManyGuesses:
        raise Refused("too_fast", _GUESSES_SECONDS) from None
    except NotPurged:
        # Her rows are gone and noted; the nightly run takes their bytes.
        _log.warning("bytes of erased conversations are left to the next `havenlight erase`")
