"""How figures are put beside their goals and peers."""

import pytest

from bench.figures import less_is_better, median_of, more_is_better, side_by_side, table


def test_a_cost_of_half_the_peers_is_twice_as_good() -> None:
    assert less_is_better(0.2, "ms", peer=0.4)["ratio"] == 2


def test_a_yield_of_half_the_peers_is_half_as_good() -> None:
    assert more_is_better(50, "1/s", peer=100)["ratio"] == 0.5


def test_without_a_peer_there_is_no_ratio() -> None:
    assert less_is_better(30, "kB", goal=30)["ratio"] is None


def test_the_median_is_taken_of_each_value_by_itself() -> None:
    runs = [{"cpu": 1.0, "rate": 9.0}, {"cpu": 3.0, "rate": 7.0}, {"cpu": 2.0, "rate": 8.0}]

    assert median_of(runs) == {"cpu": 2.0, "rate": 8.0}


def test_the_two_sides_take_turns() -> None:
    turns: list[str] = []

    def run(side: str, value: float) -> dict[str, float]:
        turns.append(side)
        return {"cpu": value}

    medians = side_by_side(lambda: run("ours", 1), lambda: run("peer", 2))

    assert turns == ["ours", "peer"] * 3
    assert medians == ({"cpu": 1}, {"cpu": 2})


@pytest.mark.parametrize(
    ("value", "shown"), [(0.18349, "0.183"), (12.0, "12"), (3053.7, "3,054"), (0.0, "0")]
)
def test_the_table_shows_three_digits_or_whole_thousands(value: float, shown: str) -> None:
    head, row = table({"cost": less_is_better(value, "ms")}).splitlines()

    assert head.split() == ["figure", "value", "unit", "goal", "peer", "ratio"]
    assert row.split() == ["cost", shown, "ms", "-", "-", "-"]
