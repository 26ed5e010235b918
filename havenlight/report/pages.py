"""A document of an edition as an answer: nothing in it may run, nothing may be fetched."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import PurePosixPath

from django.http import HttpResponse

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".zip": "application/zip",
}


def document(page: str) -> HttpResponse:
    """A page that brings its own style: that style alone is let through, by its hash."""
    styles = " ".join(f"'sha256-{_hash(style)}'" for style in _STYLE.findall(page)) or "'none'"
    response = HttpResponse(page)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {styles}; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response


def _hash(style: str) -> str:
    return b64encode(sha256(style.encode()).digest()).decode()


def file(name: str, content: bytes) -> HttpResponse:
    """A file of an edition, as it was signed."""
    kind = TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
    if kind == TYPES[".html"]:
        return document(content.decode())
    return HttpResponse(content, content_type=kind)
