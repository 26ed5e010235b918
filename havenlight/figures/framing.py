"""What is around every page of figures, and pages that are told while work goes on."""

from collections.abc import AsyncIterator
from typing import Any

from django.http import StreamingHttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from havenlight.team import queries as team
from havenlight.team.gate import MemberRequest
from havenlight.team.permissions import Right, may

_HERE = "<!-- here the events come -->"


def frame(request: MemberRequest) -> dict[str, Any]:
    """What is around every page, read now: no database is at hand once the answer has begun."""
    organisation = team.organisation()
    return {
        "organisation_name": organisation.name,
        "demo": organisation.is_demo,
        "at_desk": may(request.user, Right.VISITORS),
        "csrf_token": get_token(request),
        "here": _HERE,
    }


def streamed(
    request: MemberRequest, template: str, context: dict[str, Any], told: AsyncIterator[str]
) -> StreamingHttpResponse:
    """A page whose inside comes bit by bit; who leaves it ends the work."""
    before, after = render_to_string(template, context, request).split(_HERE)

    async def parts() -> AsyncIterator[str]:
        yield before
        async for part in told:
            yield part
        yield after

    response = StreamingHttpResponse(parts())
    # nginx would gather progress until the end.
    response["X-Accel-Buffering"] = "no"
    return response
