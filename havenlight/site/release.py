"""The static files of this release: what browsers are to be served, byte by byte."""

import hashlib
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def files() -> dict[str, bytes]:
    """Every static file by its address below that of the release."""
    return {
        str(file.relative_to(root)): file.read_bytes()
        for root in sorted(PACKAGE.glob("*/static"))
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }


def name() -> str:
    """Names the state of the static files, so that a browser may keep one release for ever."""
    digest = hashlib.sha256()
    for path, content in files().items():
        digest.update(path.encode() + b"\0" + content)
    return digest.hexdigest()[:12]
