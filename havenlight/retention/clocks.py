"""How long each kind of thing is kept."""

from datetime import datetime, timedelta
from enum import StrEnum

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
    """The days of each clock, as the helpline settled them."""
    settled = helpline.retention()
    return {
        Clock.TRANSCRIPT: settled.transcript_days,
        Clock.NOTES: settled.notes_days,
        Clock.CONTACT: settled.contact_days,
        Clock.REFERRAL: settled.referral_days,
        Clock.REGISTRATION: settled.registration_days,
        Clock.AUDIT: settled.audit_days,
    }


def limits(now: datetime) -> dict[Clock, datetime]:
    """The moment before which each kind of thing is due."""
    return {clock: now - timedelta(days=period) for clock, period in days().items()}
