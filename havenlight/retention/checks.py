"""Tells when nothing erases: the timer is the administrator's to start, and can stop unseen."""

from collections.abc import Sequence
from datetime import timedelta

from django.apps.config import AppConfig
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import DatabaseError
from django.utils import timezone

from havenlight.team import queries
from havenlight.team.errors import NotSetUp

_OVERDUE = timedelta(days=2)
"""The timer runs every night; one may be missed."""


@register(Tags.database)
def check_erasing(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **kwargs: object,
) -> list[CheckMessage]:
    """A warning while what should have been erased two days ago is still there."""
    if not databases:
        return []
    from havenlight.retention import actions  # noqa: PLC0415 -- chat, which few commands wait for

    try:
        queries.organisation()
        late = [due for due in actions.preview(timezone.now() - _OVERDUE) if due.count]
    except (NotSetUp, DatabaseError):
        # Before the last migration there is nothing to look at.
        return []
    if not late:
        return []
    told = ", ".join(f"{due.clock}: {due.count}" for due in late)
    return [
        checks.Warning(
            f"what should have been erased two days ago is still there ({told})",
            hint="Start the timer of `havenlight erase`: docs/running.md, Erasing.",
            id="havenlight.W004",
        )
    ]
