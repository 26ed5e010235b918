"""The states of a conversation and how one becomes another."""

from enum import StrEnum

from havenlight.chat.errors import StepRefused


class State(StrEnum):
    """Where a conversation stands. Away is presence, not a state."""

    WAITING = "waiting"
    LEFT = "left"
    ACTIVE = "active"
    ENDED = "ended"
    ABANDONED = "abandoned"


class By(StrEnum):
    """Who or what ended a conversation."""

    VISITOR = "visitor"
    EXIT = "exit"
    MEMBER = "member"
    GRACE = "grace"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.ACTIVE, State.ABANDONED}),
    State.LEFT: frozenset({State.ACTIVE, State.ABANDONED}),
    State.ACTIVE: frozenset({State.ENDED}),
    State.ENDED: frozenset(),
    State.ABANDONED: frozenset(),
}

ANSWERABLE = tuple(state for state, to in TRANSITIONS.items() if State.ACTIVE in to)
"""The states from which a member may take a conversation."""

OPEN = frozenset(state for state, following in TRANSITIONS.items() if following)
"""The states in which a conversation still goes on."""


def closed_from(current: State) -> State:
    """What a conversation that is `current` becomes when it closes; StepRefused if it did."""
    for state in (State.ENDED, State.ABANDONED):
        if state in TRANSITIONS[current]:
            return state
    raise StepRefused(current, State.ENDED)


def check_step(current: State, to: State) -> None:
    """Raise StepRefused unless a conversation that is `current` may become `to`."""
    if to not in TRANSITIONS[current]:
        raise StepRefused(current, to)
