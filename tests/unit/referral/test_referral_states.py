"""How a referral goes from what she said to what became of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenlight.casework import versions
from havenlight.referral.codes import Form
from havenlight.referral.errors import StepRefused
from havenlight.referral.states import TRANSITIONS, State, answered, check_step


@pytest.mark.parametrize("current", State)
@pytest.mark.parametrize("to", State)
def test_only_the_steps_of_the_table_are_taken(current: State, to: State) -> None:
    if to in TRANSITIONS[current]:
        check_step(current, to)
    else:
        with pytest.raises(StepRefused):
            check_step(current, to)


@pytest.mark.parametrize("current", State)
@pytest.mark.parametrize("yes", [True, False])
def test_an_answer_is_a_step_of_the_table_or_none(current: State, yes: bool) -> None:
    to = answered(current, yes=yes)
    assert to == current or to in TRANSITIONS[current]


@given(st.lists(st.booleans(), min_size=1))
def test_the_last_answer_counts(answers: list[bool]) -> None:
    state = State.OFFERED
    for yes in answers:
        state = answered(state, yes=yes)
    assert (state is State.ACCEPTED) == answers[-1]
    assert (state is State.WITHDRAWN) == (not answers[-1] and any(answers))


def test_a_package_is_sent_after_a_yes_and_nothing_else() -> None:
    assert [state for state in State if State.MADE in TRANSITIONS[state]] == [State.ACCEPTED]


def test_the_forms_of_the_directory_are_those_of_the_codebook() -> None:
    codes = versions.newest().variables["forms"].codes
    assert {code.code for code in codes} == set(Form.values)
