"""What the clocks are called on the page of what will be erased."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from havenlight.retention.clocks import Clock

_CLOCKS: dict[Clock, Promise] = {
    Clock.TRANSCRIPT: _("conversations that can be read"),
    Clock.NOTES: _("notes, drafts and whispers beside them"),
    Clock.CONTACT: _("how persons can be reached: referrals that came in, and links of ours"),
    Clock.REFERRAL: _("what was agreed to and sent of a referral"),
    Clock.REGISTRATION: _("coded facts of a case, and how often its person came"),
    Clock.AUDIT: _("lines of the audit"),
}


def clock_words(clock: Clock) -> str:
    """What a clock is over, in the reader's language."""
    return str(_CLOCKS[clock])
