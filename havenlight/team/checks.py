"""Refuses to run a helpline on the demo's keys, or with what only a demo leaves out."""

from collections.abc import Sequence

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from havenlight.team.models import Organisation


@register(Tags.database)
def check_demo_is_said(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **kwargs: object,
) -> list[CheckMessage]:
    """An error when DEMO is off for the demo's organisation, or on for any other."""
    if not databases:
        return []
    # Before the first migration there is nothing to refuse.
    if Organisation._meta.db_table not in connection.introspection.table_names():
        return []
    return _without_second_factor() if settings.DEMO else _on_demo_keys()


def _without_second_factor() -> list[CheckMessage]:
    if not Organisation.objects.filter(is_demo=False).exists():
        return []
    return [
        Error(
            "DEMO is on, and this database holds a helpline that is no demo",
            hint="Set DEMO=0: in a demo members come in by a password alone.",
            id="havenlight.E002",
        )
    ]


def _on_demo_keys() -> list[CheckMessage]:
    if not Organisation.objects.filter(is_demo=True).exists():
        return []
    return [
        Error(
            "this database holds the demo organisation, whose keys the server made",
            hint="Use a new database for the helpline; set DEMO=1 only to show the demo.",
            id="havenlight.E001",
        )
    ]
