"""The researcher's page: a table in, progress while it is worked on, and what was found."""

from collections.abc import AsyncIterator
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from havenlight.figures import presenting, wording
from havenlight.figures.forms import EstimationForm
from havenlight.figures.framing import frame, streamed
from havenlight.figures.work import Busy, Done, Event, Failed, Progress, TableRefused, estimating
from havenlight.team.gate import MemberRequest, page_for
from havenlight.team.permissions import Right

_PROGRESS_STEP = 0.05


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(Right.FIGURES)
def estimation(request: MemberRequest) -> HttpResponseBase:
    """Ask for a table, and estimate from it while the page is being read.

    The answer to a table is one long page: progress first, then what was found. So nothing has to
    be kept, any process can answer, and who leaves the page ends the work.
    """
    form = EstimationForm(request.POST or None)
    context = {"form": form, **frame(request)}
    if not form.is_valid():
        return render(request, "figures/estimation.html", context)
    language = translation.get_language() or ""
    return streamed(request, "figures/working.html", context, _answer(form, context, language))


async def _answer(
    form: EstimationForm, context: dict[str, Any], language: str
) -> AsyncIterator[str]:
    last = Progress("", 0.0)
    async for event in estimating(form.asked()):
        if isinstance(event, Progress):
            if event.what == last.what and event.share < last.share + _PROGRESS_STEP:
                continue
            last = event
        with translation.override(language):
            told = _told(event, form, context)
        yield told


def _told(event: Event, form: EstimationForm, context: dict[str, Any]) -> str:
    """The part of the page that an event becomes."""
    match event:
        case Progress():
            step = {"what": wording.step(event.what), "share": event.share}
            return render_to_string("figures/_step.html", step)
        case Done():
            found = presenting.found(event)
            return render_to_string("figures/_result.html", {**context, **found})
        case TableRefused():
            form.add_error("table", wording.refusal(event.reason, event.row))
        case Busy():
            form.add_error(None, _("Others are estimating now. Try again in a minute."))
        case Failed():
            form.add_error(None, _("This took too long or too much memory, and was given up."))
    return render_to_string("figures/_refused.html", context)
