"""Choices of chat's tables, and what a visitor may tap while she waits."""

from dataclasses import dataclass, fields
from enum import StrEnum


class ForWhom(StrEnum):
    """Whom the visitor comes for."""

    SELF = "self"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Taps:
    """What a visitor tapped; None where she skipped or took it back."""

    for_whom: ForWhom | None = None
    in_danger: bool | None = None
    under_18: bool | None = None


TAPS = tuple(field.name for field in fields(Taps))
