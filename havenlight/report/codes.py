"""Choices of the report's tables, and who may do what with an edition."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from havenlight.team.codes import Role


class Moved(TextChoices):
    """What moved the counts of a year other than trafficking."""

    CAMPAIGN = "campaign", _("campaign")
    HOURS = "hours", _("opening hours")
    CODEBOOK = "codebook", _("codebook")
    NEWS = "news", _("news")
    OTHER = "other", _("something else")


MAKES = frozenset({Role.RESEARCHER, Role.COORDINATOR})
"""The roles that build editions, write around the figures, and review what another built."""

PUBLISHES = frozenset({Role.COORDINATOR})
"""The roles that publish, and that may see counts before disclosure control."""
