"""Choices of the team's tables."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a member is to the helpline."""

    COUNSELLOR = "counsellor", _("counsellor")
    COORDINATOR = "coordinator", _("coordinator")
    RESEARCHER = "researcher", _("researcher")
    ADMINISTRATOR = "administrator", _("administrator")


class Standing(TextChoices):
    """Where a member stands in the shift."""

    ON = "on", _("on duty")
    BREAK = "break", _("having a break")
    OFF = "off", _("off duty")


class Weekday(IntegerChoices):
    """A day of the week, as `date.weekday` counts."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Icon(TextChoices):
    """What the visitor's tab may show; nothing in it tells what the page is."""

    BOOK = "book", _("book")
    CLOUD = "cloud", _("cloud")
    LEAF = "leaf", _("leaf")


class Topic(TextChoices):
    """What a ready text or a card is about."""

    WELCOME = "welcome", _("beginning")
    LISTENING = "listening", _("listening")
    SAFETY = "safety", _("safety")
    EXPLOITATION = "exploitation", _("exploitation")
    IMAGES = "images", _("images online")
    RIGHTS = "rights", _("rights")
    SHELTER = "shelter", _("a place to sleep")
    HELP = "help", _("help elsewhere")
    GOODBYE = "goodbye", _("ending")


class Taken(TextChoices):
    """How old somebody was in a picture that a service removes."""

    MINOR = "minor", _("you were under 18 in the picture")
    ADULT = "adult", _("you were 18 or older in the picture")
    ANY = "any", _("for everyone")


class CardFor(TextChoices):
    """For whom a card is written."""

    ALL = "all", _("everyone")
    SELF = "self", _("who comes for herself")
    OTHER = "other", _("who worries about someone else")
    UNDER_18 = "under_18", _("who is under 18")
