"""Exact intervals agree with SciPy's inverses, from a handful of persons to a million."""

import pytest
from scipy.special import betaincinv, gammaincinv

from havenlight.mse.tails import binomial_share, poisson_mean

CHANCES = (0.00005, 0.025, 0.5, 0.975)


@pytest.mark.parametrize("count", [0, 1, 5, 156, 12_345, 1_000_000])
def test_the_mean_of_a_poisson_number_is_that_of_scipy(count):
    for chance in CHANCES:
        wanted = gammaincinv(count + 1, 1 - chance)
        assert poisson_mean(count, chance) == pytest.approx(wanted, rel=1e-10)


@pytest.mark.parametrize(
    ("count", "of"), [(0, 5), (1, 2), (285, 535), (1, 1_000_000), (999_999, 1_000_000)]
)
def test_the_share_of_a_binomial_number_is_that_of_scipy(count, of):
    for chance in CHANCES:
        wanted = betaincinv(count + 1, of - count, 1 - chance)
        assert binomial_share(count, of, chance) == pytest.approx(wanted, rel=1e-10)
