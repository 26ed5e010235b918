"""What stands in the audit, in the reader's language. The lines themselves never change."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

_VERBS: dict[str, Promise] = {
    "accepted": pgettext_lazy("audit", "accepted"),
    "added a passkey": pgettext_lazy("audit", "added a passkey"),
    "began to read along": pgettext_lazy("audit", "began to read along"),
    "blocked": pgettext_lazy("audit", "blocked"),
    "called for help": pgettext_lazy("audit", "called for help"),
    "changed her password": pgettext_lazy("audit", "changed her password"),
    "changed her phrase": pgettext_lazy("audit", "changed her phrase"),
    "changed the role": pgettext_lazy("audit", "changed the role"),
    "closed a link": pgettext_lazy("audit", "closed a link"),
    "coded again": pgettext_lazy("audit", "coded again"),
    "corrected": pgettext_lazy("audit", "corrected"),
    "destroyed the team keys": pgettext_lazy("audit", "destroyed the team keys"),
    "ended a session": pgettext_lazy("audit", "ended a session"),
    "ended": pgettext_lazy("audit", "ended"),
    "erased": pgettext_lazy("audit", "erased"),
    "exported": pgettext_lazy("audit", "exported"),
    "finished": pgettext_lazy("audit", "finished"),
    "flagged a risk": pgettext_lazy("audit", "flagged a risk"),
    "forgot": pgettext_lazy("audit", "forgot"),
    "founded": pgettext_lazy("audit", "founded"),
    "gave a new link": pgettext_lazy("audit", "gave a new link"),
    "gave the team key": pgettext_lazy("audit", "gave the team key"),
    "imported registrations": pgettext_lazy("audit", "imported registrations"),
    "invited": pgettext_lazy("audit", "invited"),
    "joined": pgettext_lazy("audit", "joined"),
    "let a passkey open her key no more": pgettext_lazy(
        "audit", "let a passkey open her key no more"
    ),
    "let a passkey open her key": pgettext_lazy("audit", "let a passkey open her key"),
    "lifted the block of": pgettext_lazy("audit", "lifted the block of"),
    "linked": pgettext_lazy("audit", "linked"),
    "made a link": pgettext_lazy("audit", "made a link"),
    "made a new key": pgettext_lazy("audit", "made a new key"),
    "made her key": pgettext_lazy("audit", "made her key"),
    "made recovery codes": pgettext_lazy("audit", "made recovery codes"),
    "made the organisation's keys": pgettext_lazy("audit", "made the organisation's keys"),
    "marked as not sincere": pgettext_lazy("audit", "marked as not sincere"),
    "merged": pgettext_lazy("audit", "merged"),
    "objected": pgettext_lazy("audit", "objected"),
    "offered": pgettext_lazy("audit", "offered"),
    "opened": pgettext_lazy("audit", "opened"),
    "practised": pgettext_lazy("audit", "practised"),
    "received": pgettext_lazy("audit", "received"),
    "referred": pgettext_lazy("audit", "referred"),
    "registered": pgettext_lazy("audit", "registered"),
    "removed": pgettext_lazy("audit", "removed"),
    "removed a passkey": pgettext_lazy("audit", "removed a passkey"),
    "saved": pgettext_lazy("audit", "saved"),
    "sealed conversations anew": pgettext_lazy("audit", "sealed conversations anew"),
    "settled": pgettext_lazy("audit", "settled"),
    "signed the list of keys": pgettext_lazy("audit", "signed the list of keys"),
    "split": pgettext_lazy("audit", "split"),
    "stopped reading along": pgettext_lazy("audit", "stopped reading along"),
    "took back the risk": pgettext_lazy("audit", "took back the risk"),
    "took over": pgettext_lazy("audit", "took over"),
    "took": pgettext_lazy("audit", "took"),
    "took the objection back": pgettext_lazy("audit", "took the objection back"),
    "unlinked": pgettext_lazy("audit", "unlinked"),
    "agreed on a time": pgettext_lazy("audit", "agreed on a time"),
    "took back the time agreed on": pgettext_lazy("audit", "took back the time agreed on"),
    "upheld the block of": pgettext_lazy("audit", "upheld the block of"),
    "withdrew": pgettext_lazy("audit", "withdrew"),
}

_KINDS: dict[str, Promise] = {
    "audit.entry": pgettext_lazy("audit", "line"),
    "casework.case": pgettext_lazy("audit", "case"),
    "casework.contact": pgettext_lazy("audit", "contact"),
    "casework.link": pgettext_lazy("audit", "link"),
    "casework.merge": pgettext_lazy("audit", "merge"),
    "casework.registration": pgettext_lazy("audit", "registration"),
    "chat.campaign": pgettext_lazy("audit", "link"),
    "chat.conversation": pgettext_lazy("audit", "conversation"),
    "referral.incomingreferral": pgettext_lazy("audit", "referral to us"),
    "referral.recipient": pgettext_lazy("audit", "organisation"),
    "referral.referral": pgettext_lazy("audit", "referral"),
    "team.epoch": pgettext_lazy("audit", "team key"),
    "team.helplinelanguage": pgettext_lazy("audit", "language"),
    "team.member": pgettext_lazy("audit", "member"),
    "team.organisation": pgettext_lazy("audit", "helpline"),
}


def verb(said: str) -> str:
    """What was done, in words; as it was written when there are none for it."""
    return str(_VERBS.get(said, said))


def kind(label: str) -> str:
    """What it was done to, in words; the name of its table when there are none for it."""
    return str(_KINDS.get(label, label))
