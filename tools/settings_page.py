"""Writes docs/reference/settings.md from the settings' declarations; --check only compares."""

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from django.conf import settings

from havenlight.core.env import DECLARED, Declaration

PAGE = Path(__file__).parent.parent / "docs/reference/settings.md"

HEAD = """\
# Settings

Read once from the environment when Havenlight starts; a missing or malformed value is refused by
name. A secret may also come from a file, named by the same setting with `_FILE` behind it.

This page is written by `make docs` from the declarations in `havenlight/site/settings.py`.

| setting | what it takes | default | meaning |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The page, with the same bytes wherever it is made."""
    # Settings are declared as they are read.
    data_dir = str(settings.DATA_DIR)
    return HEAD + "".join(_row(item, data_dir) for _, item in sorted(DECLARED.items()))


def _row(item: Declaration, data_dir: str) -> str:
    return f"| `{item.name}` | {item.kind} | {_default(item, data_dir)} | {item.meaning} |\n"


def _default(item: Declaration, data_dir: str) -> str:
    if item.default is None:
        return "must be given"
    return f"`{item.default.replace(data_dir, 'DATA_DIR')}`" if item.default else "empty"


def main() -> None:
    """Write the page, or say with --check whether it would change."""
    if "--check" not in sys.argv:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(), encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
        sys.exit(f"{PAGE.name} is not what the settings say: run make docs")


if __name__ == "__main__":
    main()
