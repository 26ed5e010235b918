"""Writes docs/reference/permissions.md from the table of rights and the gates; --check compares."""

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from havenlight.live.opening import endpoints  # noqa: E402 -- as above
from havenlight.site.addresses import WITHOUT_RIGHT, Address, addresses  # noqa: E402
from havenlight.team.codes import Role  # noqa: E402
from havenlight.team.permissions import HOLDERS, Right  # noqa: E402

PAGE = Path(__file__).parent.parent / "docs/reference/permissions.md"

HEAD = """\
# Permissions

What each role may do, and what opens each address. A member must have signed in with a second
factor before any right counts. Nobody can give a role with a right that she does not hold herself.

This page is written by `make docs` from `havenlight/team/permissions.py` and the views' gates.

"""
OPENS = """\
## What opens each address

`tests/integration/test_permissions.py` asks for each of them as each role, signed out, and without
a second factor.

| address | opened by |
| --- | --- |
"""
LIVE = """\

## What opens the live application

Each asks for a token, or a cookie. Who has what stands here is given one, for ten minutes and for
her own conversations alone; that of a member who is removed, or whose role changes, is void at
once. `tests/integration/live/test_live_permissions.py` asks for each of them as everyone.

| endpoint | opened by |
| --- | --- |
"""


def page() -> str:
    """The page, with the same bytes wherever it is made."""
    rights = [f"| {right.value}: {right.label} | {_marks(right)} |\n" for right in Right]
    roles = " | ".join(role.value for role in Role)
    head = f"| right | {roles} |\n| --- |{' --- |' * len(Role)}\n"
    rows = [f"| {_path(one)} | {_by(one)} |\n" for one in addresses()]
    live = [f"| `{endpoint}` | {by} |\n" for endpoint, by in endpoints().items()]
    return "".join([HEAD, head, *rights, "\n", OPENS, *rows, LIVE, *live])


def _marks(right: Right) -> str:
    return " | ".join("yes" if role in HOLDERS[right] else "" for role in Role)


def _path(one: Address) -> str:
    # A bar would end the cell.
    return f"`{one.path.replace('|', '/')}`"


def _by(one: Address) -> str:
    if one.right is not None:
        return one.right.value
    return ", ".join(by for by, names in WITHOUT_RIGHT.items() if one.name in names)


def main() -> None:
    """Write the page, or say with --check whether it would change."""
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
        sys.exit(f"{PAGE.name} is not what the gates say: run make docs")


if __name__ == "__main__":
    main()
