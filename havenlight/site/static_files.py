"""Static files as they are served: a visitor's scripts bare, under names that tell nothing.

Chromium notes in its cache of compiled scripts which it ran, even of those that it may not keep.
Comments would be a third of what a first visit loads; who wants to read them finds the release's.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import (  # type: ignore[import-untyped] # it comes without types
    WhiteNoiseMiddleware,
)
from whitenoise.storage import CompressedStaticFilesStorage  # type: ignore[import-untyped] # as above

OF_VISITORS = re.compile(r"chat/(\w+)\.mjs")
_IMPORTED = re.compile(rb'"\./(\w+)\.mjs"')
# A comment that has its lines for itself, or what a line is indented by. One that begins before a
# piece of code, or ends before one, is left.
_BESIDE = re.compile(rb"^ *(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)\n|^ +", re.M | re.S)
_FOLDER = "p"


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc] # as above
    """Serves a file as one body. WhiteNoise makes a stream of it, which Django under ASGI reads to
    its end anyway, in a thread, and warns of in the log.
    """

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """Answer with a file, a part of it, or that it has not changed."""
        found = static_file.get_response(request.method, request.META)
        body = b""
        if found.file is not None:
            with found.file as file:
                body = file.read()
        response = HttpResponse(body, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response


class NeutralStorage(CompressedStaticFilesStorage):  # type: ignore[misc] # as above
    """Serves each of a visitor's scripts once more, under a neutral name by which they also find
    each other; the desk, which shares some, finds them under their own.
    """

    def url(self, name: str | None) -> str:
        """The address of a file."""
        found = OF_VISITORS.fullmatch(name or "")
        address: str = super().url(_neutral(found[1]) if found else name)
        return address

    def post_process(
        self,
        paths: dict[str, Any],
        dry_run: bool = False,  # noqa: FBT001, FBT002 -- Django's
        **options: Any,
    ) -> Iterator[Any]:
        """Write the scripts under their neutral names, and compress all."""
        names = {name: found[1] for name in paths if (found := OF_VISITORS.fullmatch(name))}
        if not dry_run:
            for name, script in names.items():
                self._copy(Path(self.path(name)), Path(self.path(_neutral(script))))
        copies = {_neutral(script): paths[name] for name, script in names.items()}
        yield from super().post_process({**paths, **copies}, dry_run, **options)

    def _copy(self, script: Path, copy: Path) -> None:
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(_served(script.read_bytes()))


def copies(files: dict[str, bytes]) -> dict[str, bytes]:
    """A visitor's scripts among these, as they are served to her."""
    return {
        _neutral(found[1]): _served(content)
        for name, content in files.items()
        if (found := OF_VISITORS.fullmatch(name))
    }


def _served(script: bytes) -> bytes:
    if any(line.count(b"`") % 2 for line in script.splitlines()):
        raise ValueError("a text over several lines would lose what looks like a comment in it")
    return _IMPORTED.sub(_import, _BESIDE.sub(b"", script))


def _import(found: re.Match[bytes]) -> bytes:
    return b'"./%b"' % Path(_neutral(found[1].decode())).name.encode()


def _neutral(script: str) -> str:
    # By its name and not by its content: a release has an address of its own.
    return f"{_FOLDER}/{sha256(script.encode()).hexdigest()[:4]}.mjs"
