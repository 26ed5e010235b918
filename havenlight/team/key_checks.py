"""Tells what is to be done about keys: by a coordinator, or by who finds that they are not ours."""

from collections.abc import Iterator, Sequence

from django.apps.config import AppConfig
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from havenlight.core.seal.errors import ManifestRefused
from havenlight.team import keyring, queries
from havenlight.team.keyring import Due
from havenlight.team.models import FormerManifest, Organisation

_DUE = {
    Due.LEFT: "somebody who may not hold the team key any more still stands on the signed list",
    Due.AGE: "the team key has had its three months",
}


@register(Tags.database)
def check_keys(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **kwargs: object,
) -> list[CheckMessage]:
    """An error for keys that nobody may work with, a warning for those that need somebody."""
    # Before the last migration there is nothing to look at.
    if not databases or FormerManifest._meta.db_table not in connection.introspection.table_names():
        return []
    if not Organisation.objects.exists():
        return []
    return list(_warnings())


def _warnings() -> Iterator[CheckMessage]:
    if not queries.is_set_up():
        yield checks.Warning(
            "the organisation has no keys yet, so that no chat can begin",
            hint="The first coordinator makes them in her browser, at /keys/set-up.",
            id="havenlight.W001",
        )
        return
    try:
        due, waiting = keyring.due(), len(keyring.waiting())
    except ManifestRefused as error:
        yield Error(f"the signed list of keys is not believed: {error}", id="havenlight.E003")
        return
    if due:
        yield checks.Warning(_DUE[due], hint="Begin a new one at /keys/team.", id="havenlight.W002")
    if waiting:
        yield checks.Warning(
            f"members who wait for the team key: {waiting}",
            hint="A coordinator gives it at /keys/team.",
            id="havenlight.W003",
        )
