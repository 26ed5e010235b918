"""The report as Django knows it."""

from django.apps import AppConfig


class ReportConfig(AppConfig):
    """Editions, notes and questions, and the ledger of what they told."""

    name = "havenlight.report"
    label = "report"
