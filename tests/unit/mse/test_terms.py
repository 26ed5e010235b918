import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenlight.mse.terms import (
    ModelRefused,
    all_pairs,
    hierarchical_models,
    main_effects,
    neighbours,
    notation,
    pairs_named,
    parse,
    parts,
)


@given(st.integers(0, 6211))
def test_a_model_survives_its_notation(number):
    model = hierarchical_models(5, 3)[number]
    assert (parse(notation(model), 5) == model).all()


@given(st.integers(0, 6211))
def test_every_model_holds_the_parts_of_its_terms(number):
    model = hierarchical_models(5, 3)[number]
    assert all(model[parts(int(term))].all() for term in np.flatnonzero(model) if term)


def test_there_are_as_many_models_as_published():
    # Silverman, Chan and Vincent (2024) list 8 models for three lists without the triple, and
    # 32,768 pairwise ones for six lists, 2 to the number of pairs.
    assert len(hierarchical_models(3, 2)) == 8
    assert len(hierarchical_models(4, 3)) == 113
    assert len(hierarchical_models(5, 2)) == 1024
    assert len(hierarchical_models(5, 3)) == 6212


def test_the_term_of_all_lists_is_never_there():
    assert not hierarchical_models(4, 4)[:, -1].any()
    with pytest.raises(ModelRefused, match="leaves the unseen persons free"):
        parse("[123]", 3)


@pytest.mark.parametrize("text", ["12,3", "[12;3]", "[16]", "[]", "[0]"])
def test_what_names_no_model_is_refused(text):
    with pytest.raises(ModelRefused):
        parse(text, 5)


def test_ten_lists_are_written_with_points():
    model = main_effects(10).copy()
    model[0b1000000001] = True
    assert notation(model).startswith("[1.10,2,3")
    assert (parse(notation(model), 10) == model).all()


def test_terms_are_named_by_their_lists():
    assert pairs_named(parse("[12,3]", 3), ("police", "care", "school")) == ["police:care"]


def test_neighbours_differ_by_one_term_and_stay_hierarchical():
    model = all_pairs(4)
    around = neighbours(model, 4, 3)
    assert len(around) == 6 + 4
    assert ((around != model).sum(axis=1) == 1).all()
