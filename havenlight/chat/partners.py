"""What a partner's site may show of us: whether we are open, in a frame, without a script."""

from functools import partial

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from havenlight.chat import availability, look
from havenlight.chat.plain.pages import show

# Any site may show it: it has one link and nothing that a click could be stolen for.
_ANY_SITE = ["*"]


@require_safe
def status(request: HttpRequest, lang: str) -> HttpResponseBase:
    """A line and a link for another site's frame; sets no cookie and asks for nothing."""
    page = xframe_options_exempt(partial(_status, lang=lang))
    return csp_replace({"frame-ancestors": _ANY_SITE})(page)(request)


def _status(request: HttpRequest, lang: str) -> HttpResponse:
    language = look.language_of(request, lang)
    takes_new = availability.now().takes_new
    return show(request, "chat/status.html", language=language, takes_new=takes_new)
