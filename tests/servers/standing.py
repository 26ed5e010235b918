"""Settings that stand in while Havenlight is loaded for nobody, until a fork reads its own."""

import sys
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.utils import ConnectionHandler
from django.utils.functional import empty

_MODULES = ("havenlight.site.settings", "tests.servers.settings")
# Connections are made where they are first used, by which time a fork has its own.
_READ_AGAIN = frozenset({"DATABASES"})
_read: dict[str, Any] = {}


def remember_settings() -> None:
    """Note what modules read of the settings as they were loaded."""
    _read.update((name, value) for name, value in vars(settings).items() if name.isupper())


def forget_settings() -> None:
    """Let settings, and the database with them, be read anew where they are first asked for."""
    settings._wrapped = empty
    for module in _MODULES:
        del sys.modules[module]
    vars(connections).clear()
    vars(connections).update(vars(ConnectionHandler()))


def check_unchanged(now: dict[str, Any]) -> None:
    """Raise RuntimeError when a module that was loaded before read a setting that is another now.

    It would go on with the one that stood in. Read it in a function, as all others do.
    """
    for name in _read.keys() - _READ_AGAIN:
        if now.get(name, _read[name]) != _read[name]:
            raise RuntimeError(f"a module read {name} as it was loaded")
