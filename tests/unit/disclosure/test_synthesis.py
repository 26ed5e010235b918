"""Synthesis: who may have it, what it keeps, and what it says of itself."""

import numpy as np
import pytest

from havenlight.disclosure.synthesis import TooFewPersons, synthesise
from tests.unit.disclosure import people

VARIABLES = [people.variable("a"), people.variable("b", 3), people.variable("c", 2)]


def test_a_single_year_is_refused_with_the_measured_reason():
    with pytest.raises(TooFewPersons, match=r"on 285 persons .* pool years"):
        synthesise(VARIABLES, people.persons(285, VARIABLES, 1))


@pytest.mark.parametrize("epsilon", [0, -1, 4])
def test_a_budget_that_protects_nobody_is_refused(epsilon):
    with pytest.raises(ValueError, match="epsilon"):
        synthesise(VARIABLES, people.persons(1000, VARIABLES, 1), epsilon)


def test_made_up_persons_are_alike_in_marginals_and_in_pairs_that_hold_together():
    drawn = people.persons(5000, VARIABLES, 2)
    drawn[:, 2] = drawn[:, 0] == 0  # c follows from a
    made = synthesise(VARIABLES, drawn, 1.0)
    assert abs(len(made.codes) - len(drawn)) < 300  # thirty times the scale of that noise
    assert made.codes.shape[1] == drawn.shape[1]
    assert [len(error.variables) for error in made.errors] == [1, 1, 1, 2, 2, 2]
    assert all(error.largest <= 400 and error.moved < 0.1 for error in made.errors)
    assert np.mean((made.codes[:, 0] == 0) == made.codes[:, 2]) > 0.9
    assert set(made.rows()[0]) == {"a", "b", "c"}


def test_the_noise_is_as_wide_as_all_pairs_together_ask():
    made = synthesise(VARIABLES, people.persons(1000, VARIABLES, 3), 1.5)
    assert made.scale == pytest.approx(3 / (0.9 * 1.5))
