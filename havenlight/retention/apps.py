"""Retention as a Django application."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Registers the check of what should have been erased."""

    name = "havenlight.retention"

    def ready(self) -> None:
        """Register the check, which needs the tables' classes."""
        from havenlight.retention import checks  # noqa: F401, PLC0415 -- registers on import
