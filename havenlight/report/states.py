"""The states of an edition, and who may take each step."""

from collections.abc import Mapping
from enum import StrEnum

from havenlight.report.errors import StepRefused


class State(StrEnum):
    """Where an edition stands. What is printed changes in a draft alone, and never its numbers."""

    DRAFT = "draft"
    """Counted, protected and attacked; words around the figures may still be written."""
    REVIEW = "review"
    """A second person reads it."""
    FROZEN = "frozen"
    """Approved: its files are made and signed."""
    PUBLISHED = "published"
    CORRECTED = "corrected"
    """A later revision took its place; it stays public, and says so."""


OPEN = frozenset({State.DRAFT, State.REVIEW, State.FROZEN})
"""Of a period there is one such edition at a time."""

PUBLIC = frozenset({State.PUBLISHED, State.CORRECTED})

TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.REVIEW}),
    State.REVIEW: frozenset({State.DRAFT, State.FROZEN}),
    State.FROZEN: frozenset({State.PUBLISHED}),
    State.PUBLISHED: frozenset({State.CORRECTED}),
    State.CORRECTED: frozenset(),
}


def check_step(current: State, to: State) -> None:
    """Raise StepRefused unless an edition that is `current` may become `to`."""
    if to not in TRANSITIONS[current]:
        raise StepRefused(current, to)
