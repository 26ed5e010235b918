"""Refuses to run a helpline on the demo's keys."""

from collections.abc import Sequence

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from havenlight.team.models import Organisation


@register(Tags.database)
def check_no_demo_keys(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **kwargs: object,
) -> list[CheckMessage]:
    """An error when the organisation is the demo's and DEMO is off: the server made its keys."""
    if not databases or settings.DEMO:
        return []
    # Before the first migration there is nothing to refuse.
    if Organisation._meta.db_table not in connection.introspection.table_names():
        return []
    if not Organisation.objects.filter(is_demo=True).exists():
        return []
    return [
        Error(
            "this database holds the demo organisation, whose keys the server made",
            hint="Use a new database for the helpline; set DEMO=1 only to show the demo.",
            id="havenlight.E001",
        )
    ]
