"""Choices of the team's tables."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a member is to the helpline."""

    COUNSELLOR = "counsellor", _("counsellor")
    COORDINATOR = "coordinator", _("coordinator")
    RESEARCHER = "researcher", _("researcher")
    ADMINISTRATOR = "administrator", _("administrator")


COUNSELS = frozenset({Role.COUNSELLOR, Role.COORDINATOR})
"""The roles that may answer a visitor."""
