"""Choices of chat's tables, and what a visitor may tap while she waits."""

from dataclasses import dataclass, fields
from enum import StrEnum


class ForWhom(StrEnum):
    """Whom the visitor comes for."""

    SELF = "self"
    OTHER = "other"


class Helped(StrEnum):
    """Whether it helped her, as she says after the chat."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class ComeBack(StrEnum):
    """Whether she would come back, as she says after the chat."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Taps:
    """What a visitor tapped; None where she skipped or took it back."""

    for_whom: ForWhom | None = None
    in_danger: bool | None = None
    under_18: bool | None = None


TAPS = tuple(field.name for field in fields(Taps))


class HandOverReason(StrEnum):
    """Why a member hands a conversation to a colleague."""

    SHIFT = "shift"
    LANGUAGE = "language"
    EXPERTISE = "expertise"
    LOAD = "load"
    PERSONAL = "personal"
    OTHER = "other"


class RiskStep(StrEnum):
    """What a member does when she fears for a visitor: the protocol's list, in its order."""

    DANGER_NOW = "danger_now"
    ALONE = "alone"
    SAFE_PLACE = "safe_place"
    EMERGENCY = "emergency"
    COORDINATOR = "coordinator"
    WAY_BACK = "way_back"


class BlockReason(StrEnum):
    """Why a conversation is ended and blocked."""

    THREATS = "threats"
    SEXUAL = "sexual"
    HATE = "hate"
    REPEATED = "repeated"
    OTHER = "other"


class ReadReason(StrEnum):
    """Why a member reads a conversation that is not hers."""

    SAFETY = "safety"
    SUPPORT = "support"
    TRAINING = "training"
    COMPLAINT = "complaint"
    BLOCK = "block"
    SECOND_CODING = "second_coding"


class InsincereReason(StrEnum):
    """What the judgement rests on that a contact is not sincere; as in the codebook."""

    CONTRADICTIONS = "contradictions"
    COPIED = "copied"
    SEXUAL_MOTIVE = "sexual_motive"
    SEEKS_INFORMATION_ON_SERVICE = "seeks_information_on_service"
    OTHER = "other"


class CampaignKind(StrEnum):
    """What a link of our own is for."""

    CAMPAIGN = "campaign"
    INVITATION = "invitation"
