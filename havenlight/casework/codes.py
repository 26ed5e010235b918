"""Choices of casework's tables: codes, never free text, since the server can read them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Reason(TextChoices):
    """Why two contacts, or two cases, are about the same person; or why they are not."""

    SAME_CONVERSATION = "same_conversation", _("this conversation is about her")
    RETURN_CODE = "return_code", _("she came back with her return code")
    SAID_SO = "said_so", _("she said that she has been here before")
    SAME_DETAILS = "same_details", _("details that only she would tell")
    SEVERAL_REPORT = "several_report", _("several people report the same person")
    IMPORTED = "imported", _("imported together")
    MISTAKE = "mistake", _("it was a mistake")
    OTHER_PERSON = "other_person", _("it turned out to be someone else")


JOINING = (Reason.SAID_SO, Reason.SAME_DETAILS, Reason.SEVERAL_REPORT)
"""What a counsellor may judge by when she puts contacts or cases together."""

PARTING = (Reason.OTHER_PERSON, Reason.MISTAKE)
"""Why she takes them apart again."""


class Confidence(TextChoices):
    """How sure who linked them was."""

    CERTAIN = "certain", _("certain")
    PROBABLE = "probable", _("probable")
    POSSIBLE = "possible", _("possible")


class CorrectionReason(TextChoices):
    """Why a finished registration was changed."""

    SLIP = "slip", _("a slip of the hand")
    LEARNED_LATER = "learned_later", _("learned later")
    QUESTION = "question", _("a question about missing or contradictory answers")
    SECOND_CODER = "second_coder", _("agreed with the second coder")
    SHE_ASKED = "she_asked", _("the visitor asked for it")
