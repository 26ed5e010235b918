"""How long each kind of thing is kept."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings

from havenlight.team import helpline


class Clock(StrEnum):
    """What has a period of its own."""

    TRANSCRIPT = "transcript"
    NOTES = "notes"
    CONTACT = "contact"
    REFERRAL = "referral"
    REGISTRATION = "registration"
    AUDIT = "audit"


def days() -> dict[Clock, int]:
    """The days of each clock: as the helpline settled them, or as the administrator set them."""
    settled = helpline.retention()
    return {
        Clock.TRANSCRIPT: settled.transcript_days,
        # What is noted beside a transcript is kept no longer than the transcript.
        Clock.NOTES: min(settings.NOTES_DAYS, settled.transcript_days),
        Clock.CONTACT: settings.CONTACT_DAYS,
        Clock.REFERRAL: settled.referral_days,
        Clock.REGISTRATION: settled.registration_days,
        Clock.AUDIT: settled.audit_days,
    }


def limits(now: datetime) -> dict[Clock, datetime]:
    """The moment before which each kind of thing is due."""
    return {clock: now - timedelta(days=period) for clock, period in days().items()}
