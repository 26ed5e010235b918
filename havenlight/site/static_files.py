"""Static files as they are served: a visitor's scripts under names that tell nothing.

Chromium notes in its cache of compiled scripts which it ran, even of those that it may not keep.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from whitenoise.storage import (  # type: ignore[import-untyped] # it comes without types
    CompressedStaticFilesStorage,
)

OF_VISITORS = re.compile(r"chat/(\w+)\.mjs")
_IMPORTED = re.compile(rb'"\./(\w+)\.mjs"')
_FOLDER = "p"


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
        copy.write_bytes(_renamed(script.read_bytes()))


def copies(files: dict[str, bytes]) -> dict[str, bytes]:
    """A visitor's scripts among these, as they are served to her."""
    return {
        _neutral(found[1]): _renamed(content)
        for name, content in files.items()
        if (found := OF_VISITORS.fullmatch(name))
    }


def _renamed(script: bytes) -> bytes:
    return _IMPORTED.sub(_import, script)


def _import(found: re.Match[bytes]) -> bytes:
    return b'"./%b"' % Path(_neutral(found[1].decode())).name.encode()


def _neutral(script: str) -> str:
    # By its name and not by its content: a release has an address of its own.
    return f"{_FOLDER}/{sha256(script.encode()).hexdigest()[:4]}.mjs"
