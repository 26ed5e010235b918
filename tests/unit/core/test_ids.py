"""Identifiers have one form."""

import pytest

from havenlight.core.ids import is_id, new_id


def test_a_new_id_is_an_id_and_unlike_the_last() -> None:
    made = {new_id() for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(map(is_id, made))


@pytest.mark.parametrize(
    "other",
    [
        "",
        "0" * 31,
        "0" * 33,
        "A" * 32,
        "0" * 31 + "\n",
        "0" * 32 + "\n",
        "٠" * 32,
        "00000000-0000-0000-0000-000000000000",
        None,
        0,
        b"0" * 32,
        ["0"] * 32,
    ],
)
def test_nothing_else_has_the_form_of_an_id(other: object) -> None:
    assert not is_id(other)
