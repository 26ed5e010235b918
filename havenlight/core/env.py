"""Settings from the environment: each is declared once, read once, and refused by name.

The declarations are the reference page: `docs/reference/settings.md` is written from `DECLARED`.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from havenlight.core.errors import HavenlightError

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})


class SettingRefused(HavenlightError):
    """A setting is missing or malformed; the message names it and never shows its value."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One setting as the reference page shows it; `default` is None when it must be given."""

    name: str
    kind: str
    default: str | None
    meaning: str


DECLARED: dict[str, Declaration] = {}


def text(name: str, meaning: str, *, default: str | None = None) -> str:
    """The setting as it stands, or `default`; SettingRefused when there is neither."""
    return _read(name, "text", meaning, default)


def secret(name: str, meaning: str, *, at_least: int) -> str:
    """A secret from NAME, or from the file that NAME_FILE points to; it has no default.

    One of fewer than `at_least` characters is refused: it could be guessed.
    """
    path = os.environ.get(f"{name}_FILE")
    if path and name not in os.environ:
        try:
            os.environ[name] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingRefused(f"{name}_FILE names a file that cannot be read") from error
    value = _read(name, "secret, or a file by NAME_FILE", meaning, None)
    if len(value) < at_least:
        raise SettingRefused(f"{name} must have {at_least} characters or more")
    return value


def number(name: str, meaning: str, *, default: int, at_least: int = 0) -> int:
    """A whole number of at least `at_least`."""
    raw = _read(name, f"whole number, {at_least} or more", meaning, str(default))
    try:
        value = int(raw)
    except ValueError as error:
        raise SettingRefused(f"{name} must be a whole number") from error
    if value < at_least:
        raise SettingRefused(f"{name} must be {at_least} or more")
    return value


def flag(name: str, meaning: str, *, default: bool) -> bool:
    """Yes or no, written as 1 or 0, true or false, yes or no, on or off."""
    raw = _read(name, "1 or 0", meaning, "1" if default else "0").lower()
    if raw not in _TRUE | _FALSE:
        raise SettingRefused(f"{name} must be 1 or 0")
    return raw in _TRUE


def names(name: str, meaning: str, *, default: str) -> list[str]:
    """A list parted by commas; empty parts are left out."""
    raw = _read(name, "list, parted by commas", meaning, default)
    return [part.strip() for part in raw.split(",") if part.strip()]


def _read(name: str, kind: str, meaning: str, default: str | None) -> str:
    DECLARED[name] = Declaration(name, kind, default, meaning)
    value = os.environ.get(name, default)
    if value is None or (value == "" and default is None):
        raise SettingRefused(
            f"{name} is not set: {meaning} Give it in the environment; docs/running.md says how."
        )
    return value
