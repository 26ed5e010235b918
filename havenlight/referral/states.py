"""The states of a referral and how one becomes another."""

from enum import StrEnum

from havenlight.referral.errors import StepRefused


class State(StrEnum):
    """Where a referral stands: what she said, what was sent, what became of it."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MADE = "made"
    WAITING = "waiting"
    ARRIVED = "arrived"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OUTCOMES = (State.ARRIVED, State.WAITING, State.REFUSED)
"""What a recipient may report, and correct while its link lasts."""

TRANSITIONS: dict[State, frozenset[State]] = {
    State.OFFERED: frozenset({State.ACCEPTED, State.DECLINED}),
    State.ACCEPTED: frozenset({State.MADE, State.WITHDRAWN}),
    State.DECLINED: frozenset({State.ACCEPTED}),
    State.MADE: frozenset({*OUTCOMES, State.WITHDRAWN}),
    State.WAITING: frozenset({State.ARRIVED, State.REFUSED, State.WITHDRAWN}),
    State.ARRIVED: frozenset({State.WAITING, State.REFUSED}),
    State.REFUSED: frozenset({State.WAITING, State.ARRIVED}),
    State.WITHDRAWN: frozenset({State.ACCEPTED}),
}


def answered(current: State, *, yes: bool) -> State:
    """What a referral becomes when the visitor says yes or no; the same state when she did before.

    A no after a yes withdraws it. What has its outcome stays as it is: that she arrived is a fact.
    """
    if yes:
        again = current in {State.OFFERED, State.DECLINED, State.WITHDRAWN}
        return State.ACCEPTED if again else current
    if current is State.OFFERED:
        return State.DECLINED
    return State.WITHDRAWN if State.WITHDRAWN in TRANSITIONS[current] else current


def check_step(current: State, to: State) -> None:
    """Raise StepRefused unless a referral that is `current` may become `to`."""
    if to not in TRANSITIONS[current]:
        raise StepRefused(current, to)
