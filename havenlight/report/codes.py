"""Choices of the report's tables."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Moved(TextChoices):
    """What moved the counts of a year other than trafficking."""

    CAMPAIGN = "campaign", _("campaign")
    HOURS = "hours", _("opening hours")
    CODEBOOK = "codebook", _("codebook")
    NEWS = "news", _("news")
    OTHER = "other", _("something else")


VISITORS, VICTIMS, BYSTANDERS = "visitors", "victims", "bystanders"
PARTS = (VICTIMS, BYSTANDERS)
"""Those into whom the visitors of a year fall apart, as populations of the definitions."""
