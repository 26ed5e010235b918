"""Choices of the referral tables, and who may do what with them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a recipient is."""

    CARE = "care", _("care")
    POLICE = "police", _("police")
    REPORTING_CENTRE = "reporting_centre", _("reporting centre")
    SHELTER = "shelter", _("shelter")


class Form(TextChoices):
    """The forms of exploitation, by the codes of the codebook."""

    SEXUAL = "sexual", _("sexual exploitation")
    CRIMINAL = "criminal", _("criminal exploitation")
    LABOUR = "labour", _("labour exploitation")
    BEGGING = "begging", _("forced begging")
    MARRIAGE = "marriage", _("forced marriage")
    SERVITUDE = "servitude", _("domestic servitude")
    ORGAN = "organ", _("organ removal")
    OTHER = "other", _("another form")
