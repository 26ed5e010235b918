"""Which modules take part in `make bench`."""

from bench.__main__ import measuring


def test_every_module_that_measures_takes_part() -> None:
    assert {name for name, _ in measuring([])} >= {"first_visit", "idle", "messages", "mse_speed"}


def test_one_can_be_measured_by_itself() -> None:
    assert [name for name, _ in measuring(["idle"])] == ["idle"]
