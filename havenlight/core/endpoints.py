"""Django views that take and answer the JSON of the protocol."""

import json
import time
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from havenlight.core import tokens
from havenlight.core.refusals import Refused

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
Fields = dict[str, Any]
View = Callable[Concatenate[R, Fields, P], dict[str, object] | None]


def json_endpoint(view: View[R, P]) -> Callable[Concatenate[R, P], HttpResponse]:
    """Turn `view`, which takes the fields of a body and answers fields, into a Django view.

    Whatever raises Refused, here or in `view`, is answered as the protocol says, and so is a
    database that is away. None is 204.
    """

    def endpoint(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            answer = view(request, _fields(request), *args, **kwargs)
        except Refused as refusal:
            return _refusal(refusal)
        except (OperationalError, InterfaceError):
            return _refusal(Refused("storage", 2))
        return HttpResponse(status=204) if answer is None else JsonResponse(answer)

    update_wrapper(endpoint, view)
    return endpoint


def conversation_of(request: HttpRequest) -> UUID:
    """The conversation of the visitor whose token a request bears, or Refused."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        claims = tokens.read(bearer, settings.TOKEN_SECRET, time.time())
    except tokens.TokenRefused:
        raise Refused("token") from None
    if claims.role != "v":
        raise Refused("unknown")
    return UUID(claims.subject)


def check_origin(origin: str | None) -> None:
    """Refuse a request that a page of another installation makes."""
    if origin not in settings.ORIGINS:
        raise Refused("origin")


def _refusal(refusal: Refused) -> JsonResponse:
    return JsonResponse(refusal.as_json(), status=refusal.status)


def _fields(request: HttpRequest) -> Fields:
    if request.method != "POST":
        raise Refused("method")
    check_origin(request.headers.get("Origin"))
    if request.content_type != "application/json":
        raise Refused("not_json")
    try:
        fields = json.loads(request.body)
    except RequestDataTooBig:
        raise Refused("too_large") from None
    except (ValueError, RecursionError):
        raise Refused("malformed") from None
    if not isinstance(fields, dict):
        raise Refused("malformed")
    return fields
