"""What stands in the audit, in the reader's language. The lines themselves never change."""

import re

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from havenlight.team.codes import Role

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
    "asked of figures": pgettext_lazy("audit", "asked the explorer"),
    "built edition": pgettext_lazy("audit", "built"),
    "dropped draft": pgettext_lazy("audit", "dropped a draft"),
    "dropped remark": pgettext_lazy("audit", "dropped a remark"),
    "edition to review": pgettext_lazy("audit", "handed on for review"),
    "edition to draft": pgettext_lazy("audit", "took back to a draft"),
    "edition to frozen": pgettext_lazy("audit", "approved"),
    "edition to published": pgettext_lazy("audit", "published"),
    "edition to corrected": pgettext_lazy("audit", "replaced by a revision"),
    "made up persons": pgettext_lazy("audit", "made a file of made-up persons"),
    "kept analysis for report": pgettext_lazy("audit", "kept for the report"),
    "left analysis out": pgettext_lazy("audit", "left out of the report"),
    "remarked on year": pgettext_lazy("audit", "made a remark"),
    "reported_arrived": pgettext_lazy("audit", "reported that she arrived"),
    "reported_refused": pgettext_lazy("audit", "reported that she was refused"),
    "reported_waiting": pgettext_lazy("audit", "reported that she waits"),
    "wrote around figures": pgettext_lazy("audit", "wrote texts around figures"),
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
    "report.question": pgettext_lazy("audit", "analysis"),
    "report.remark": pgettext_lazy("audit", "remark"),
    "report.storededition": pgettext_lazy("audit", "edition"),
    "report.told": pgettext_lazy("audit", "answer"),
    "team.epoch": pgettext_lazy("audit", "team key"),
    "team.helplinelanguage": pgettext_lazy("audit", "language"),
    "team.member": pgettext_lazy("audit", "member"),
    "team.organisation": pgettext_lazy("audit", "helpline"),
}

_CODED = frozenset(
    {
        *("invited", "changed the role", "offered", "took over", "blocked", "opened"),
        *("marked as not sincere", "began to read along", "gave the team key"),
        "sealed conversations anew",
    }
)
"""The verbs whose reason is made of codes; what stands with others was written by a person."""

_CODES: dict[str, str | Promise] = {
    **{role.value: role.label for role in Role},
    "block": pgettext_lazy("audit", "review of a block"),
    "complaint": pgettext_lazy("audit", "complaint"),
    "contradictions": pgettext_lazy("audit", "contradictions"),
    "copied": pgettext_lazy("audit", "copied text"),
    "expertise": pgettext_lazy("audit", "expertise"),
    "hate": pgettext_lazy("audit", "hate"),
    "h": pgettext_lazy("audit", "hours"),
    "language": pgettext_lazy("audit", "language"),
    "left": pgettext_lazy("audit", "a colleague left"),
    "load": pgettext_lazy("audit", "too much in hand"),
    "of them": pgettext_lazy("audit", "of them"),
    "other": pgettext_lazy("audit", "something else"),
    "personal": pgettext_lazy("audit", "personal"),
    "repeated": pgettext_lazy("audit", "again and again"),
    "safety": pgettext_lazy("audit", "safety"),
    "second_coding": pgettext_lazy("audit", "second coding"),
    "seeks_information_on_service": pgettext_lazy("audit", "seeks information on the service"),
    "sexual": pgettext_lazy("audit", "sexual"),
    "sexual_motive": pgettext_lazy("audit", "sexual motive"),
    "shift": pgettext_lazy("audit", "end of the shift"),
    "support": pgettext_lazy("audit", "support"),
    "taken back": pgettext_lazy("audit", "taken back"),
    "threats": pgettext_lazy("audit", "threats"),
    "times": pgettext_lazy("audit", "times"),
    "training": pgettext_lazy("audit", "training"),
}
_CODE = re.compile(r"[a-z][a-z_]*(?: [a-z]+)*")


def verb(said: str) -> str:
    """What was done, in words; as it was written when there are none for it."""
    return str(_VERBS.get(said, said))


def kind(label: str) -> str:
    """What it was done to, in words; the name of its table when there are none for it."""
    return str(_KINDS.get(label, label))


def reason(said: str, why: str) -> str:
    """Why the verb `said` was done: codes in words, and what a person wrote as she wrote it."""
    if said not in _CODED:
        return why
    return _CODE.sub(lambda found: str(_CODES.get(found[0], found[0])), why)
