"""What the form in the browser is held to is what the server does, and can always be finished."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from havenlight.casework import versions
from havenlight.casework.answers import ABSENCES, EARLIEST, asked, checked, finished, settled
from havenlight.casework.codebook import Answer, Kind, Variable
from tests.vectors import make_form

BOOK = versions.codebook("2026-1")


def test_the_vectors_are_what_the_server_does_now() -> None:
    assert json.loads(make_form.FILE.read_text(encoding="utf-8")) == json.loads(
        json.dumps(make_form.made())
    )


def answer_to(variable: Variable) -> st.SearchStrategy[Answer]:
    """Any answer that the form can give."""
    absences: st.SearchStrategy[Answer] = st.sampled_from(sorted(ABSENCES))
    codes = [code.code for code in variable.codes]
    if variable.kind is Kind.SEVERAL:
        free = [code.code for code in variable.codes if not code.alone]
        several = st.sets(st.sampled_from(free), min_size=1).map(
            lambda chosen: tuple(code for code in codes if code in chosen)
        )
        return absences | several | st.sampled_from(codes).map(lambda code: (code,))
    if codes:
        return absences | st.sampled_from(codes)
    if variable.at_least is not None and variable.at_most is not None:
        return absences | st.integers(variable.at_least, variable.at_most)
    return absences | (
        st.dates(min_value=EARLIEST) if variable.kind is Kind.DATE else st.just("spring")
    )


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_no_state_that_the_form_can_reach_cannot_be_finished(data: st.DataObject) -> None:
    answers: dict[str, Answer] = {}
    for _ in range(data.draw(st.integers(0, 25))):
        key = data.draw(st.sampled_from(asked(BOOK, answers)))
        change = answers | {key: data.draw(answer_to(BOOK.variables[key]))}
        answers = dict(settled(BOOK, change))
        # A draft is sound at every step, and whatever is open may stay open.
        assert checked(BOOK, answers) == answers
        complete = finished(BOOK, answers)
        assert complete.keys() == BOOK.variables.keys()
        assert all(complete[answered] == answers[answered] for answered in answers)
