import dataclasses

import pytest

from havenlight.mse.result import Status
from havenlight.mse.table import CaptureTable
from havenlight.mse.threshold import bayes_threshold


# The medians and ends come from 400,000 draws of importance sampling from the same posterior. The
# package's own single chain of 10,000 lies up to 1.4% from them at the ends, within its noise.
@pytest.mark.parametrize(
    ("name", "exact"),
    [
        ("UKdat_5", (10910.5, 12372.8, 14162.8)),
        pytest.param("Ned_5", (43551.7, 49564.3, 56880.6), marks=pytest.mark.long),
    ],
)
def test_it_keeps_the_packages_pairs_and_agrees_within_noise(published, classical, name, exact):
    reference = classical(name)["bayes_threshold"]
    ours = bayes_threshold(published(name), seed=5)
    assert ours.details["retained"] == reference["retained"]
    assert (ours.lower, ours.estimate, ours.upper) == pytest.approx(exact, rel=0.01)
    assert ours.estimate == pytest.approx(reference["popest"], rel=0.01)
    ends = reference["q"]["2.5%"], reference["q"]["97.5%"]
    assert (ours.lower, ours.upper) == pytest.approx(ends, rel=0.035)


def test_equal_seeds_give_equal_numbers_and_a_threshold_of_zero_keeps_every_pair():
    table = CaptureTable.from_dense(tuple("ABC"), [50, 40, 12, 30, 9, 8, 3])
    first, second = (bayes_threshold(table, seed=3, threshold=0) for _ in range(2))
    assert dataclasses.asdict(first) == dataclasses.asdict(second)
    assert first.details["retained"] == ["A:B", "A:C", "B:C"]


def test_a_list_that_saw_nobody_is_not_sampled():
    table = CaptureTable.from_dense(tuple("ABC"), [50, 40, 12, 0, 0, 0, 0])
    answer = bayes_threshold(table, seed=3)
    assert answer.status is Status.NOT_APPLICABLE
    assert answer.estimate is None
