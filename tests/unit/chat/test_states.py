"""A conversation goes only where the table of transitions leads."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from havenlight.chat.errors import StepRefused
from havenlight.chat.states import OPEN, TRANSITIONS, State, check_step, closed_from


class ConversationSteps(RuleBasedStateMachine):
    """Steps are tried in any order, as visitors, members and the clock try them."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.WAITING
        self.past = [State.WAITING]

    @initialize(begun=st.sampled_from([State.WAITING, State.LEFT]))
    def begin(self, begun: State) -> None:
        """In the line, or as a letter."""
        self.state = begun
        self.past = [begun]

    @rule(to=st.sampled_from(State))
    def step(self, to: State) -> None:
        """Go there, or be refused by name and stay."""
        if to not in TRANSITIONS[self.state]:
            with pytest.raises(StepRefused) as refused:
                check_step(self.state, to)
            assert refused.value.current == self.state
            return
        check_step(self.state, to)
        self._become(to)

    @rule()
    @precondition(lambda self: self.state in OPEN)
    def close(self) -> None:
        """Close it from whichever side."""
        self._become(closed_from(self.state))

    @rule()
    @precondition(lambda self: self.state not in OPEN)
    def close_again(self) -> None:
        """What is closed is not closed again."""
        with pytest.raises(StepRefused):
            closed_from(self.state)

    def _become(self, to: State) -> None:
        assert to in TRANSITIONS[self.state]
        self.state = to
        self.past.append(to)

    @invariant()
    def ended_only_after_someone_answered(self) -> None:
        """`ended` says that there was a conversation, `abandoned` that there was none."""
        assert (State.ENDED in self.past) <= (State.ACTIVE in self.past)
        assert (State.ABANDONED in self.past) <= (State.ACTIVE not in self.past)

    @invariant()
    def never_the_same_state_twice(self) -> None:
        """Nothing leads back."""
        assert len(set(self.past)) == len(self.past)

    @invariant()
    def closed_is_for_good(self) -> None:
        """A closed state is the last."""
        assert all(state in OPEN for state in self.past[:-1])


TestConversationSteps = ConversationSteps.TestCase


def test_open_are_the_states_that_lead_on() -> None:
    assert frozenset({State.WAITING, State.LEFT, State.ACTIVE}) == OPEN


def test_a_refused_step_says_both_states() -> None:
    with pytest.raises(StepRefused, match="that is ended cannot become active"):
        check_step(State.ENDED, State.ACTIVE)
