"""The team as a Django application."""

from django.apps import AppConfig


class TeamConfig(AppConfig):
    """Registers the checks of the team."""

    name = "havenlight.team"

    def ready(self) -> None:
        """Register the checks, which need the tables' classes."""
        from havenlight.team import checks, key_checks  # noqa: F401, PLC0415 -- registers on import
