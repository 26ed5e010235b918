"""The visitor's page as small as it gets: each byte is time on a slow phone."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec

import brotli  # type: ignore[import-untyped] # it comes without types
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.gzip import gzip_page

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# A page for each language, as it is while the helpline is open, shut and anything between.
_PAGES_MOST = 64


def compressed_page(view: View[P]) -> View[P]:
    """Answer with `view` in Brotli where the browser takes it, else in gzip.

    Only for a page that is the same for everyone and holds no secret: it is compressed once, as
    well as can be, and kept as long as it stays the same.
    """

    @wraps(view)
    def smaller(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ("Accept-Encoding",))
        accepted = request.headers.get("Accept-Encoding", "").split(",")
        if "br" in {one.partition(";")[0].strip() for one in accepted}:
            response.content = _compressed(response.content)
            response["Content-Encoding"] = "br"
            response["Content-Length"] = str(len(response.content))
        return response

    return gzip_page(smaller)


@lru_cache(_PAGES_MOST)
def _compressed(page: bytes) -> bytes:
    smaller: bytes = brotli.compress(page)
    return smaller
