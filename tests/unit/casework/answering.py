"""Answers at random, such as a form would take."""

from hypothesis import strategies as st

from havenlight.casework.answers import EARLIEST
from havenlight.casework.codebook import Absence, Answer, Kind, Variable


def answer_to(variable: Variable) -> st.SearchStrategy[Answer]:
    """Any answer that the variable allows."""
    codes = [code.code for code in variable.codes]
    together = [code.code for code in variable.codes if not code.alone]
    kinds: dict[Kind, st.SearchStrategy[Answer]] = {
        Kind.ONE: st.sampled_from(codes or [""]),
        Kind.SEVERAL: st.one_of(
            st.sampled_from(codes or [""]).map(lambda code: (code,)),
            st.lists(st.sampled_from(together or [""]), min_size=1, unique=True).map(tuple),
        ),
        Kind.NUMBER: st.integers(variable.at_least or 0, variable.at_most or 0),
        Kind.MONTHS: st.integers(variable.at_least or 0, variable.at_most or 0),
        Kind.DATE: st.dates(min_value=EARLIEST),
        Kind.KEY: st.sampled_from(["school", "a-b_1", "x" * 40]),
    }
    return st.one_of(kinds[variable.kind], st.sampled_from([each.value for each in Absence]))
