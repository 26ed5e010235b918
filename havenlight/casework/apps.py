"""Casework as Django knows it."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Cases and their registrations."""

    name = "havenlight.casework"
    label = "casework"
