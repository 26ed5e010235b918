"""R-hat and the effective number of draws on chains whose truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenlight.mse.convergence import effective_draws, split_rhat

RNG = np.random.default_rng(11)


def autoregressive(correlation: float, n_draws: int, n_chains: int) -> np.ndarray:
    draws = np.empty((n_draws, n_chains))
    draws[0] = RNG.normal(size=n_chains)
    for i in range(1, n_draws):
        noise = RNG.normal(size=n_chains) * (1 - correlation**2) ** 0.5
        draws[i] = correlation * draws[i - 1] + noise
    return draws


def test_chains_of_one_distribution_agree():
    assert split_rhat(RNG.normal(size=(1000, 4))) < 1.01


def test_a_chain_in_another_place_is_seen():
    draws = RNG.normal(size=(1000, 4))
    draws[:, 0] += 1
    assert split_rhat(draws) > 1.05


def test_a_chain_of_another_spread_is_seen_though_its_place_is_the_same():
    draws = RNG.normal(size=(1000, 4))
    draws[:, 0] *= 4
    assert split_rhat(draws) > 1.05


def test_chains_that_drift_together_are_seen():
    assert split_rhat(RNG.normal(size=(1000, 4)) + np.linspace(0, 2, 1000)[:, None]) > 1.05


def test_an_infinite_mean_does_no_harm_since_ranks_are_taken():
    assert split_rhat(RNG.standard_cauchy(size=(1000, 4))) < 1.02


def test_chains_that_never_move_never_agree():
    assert split_rhat(np.tile([1.0, 2.0], (100, 1))) == float("inf")
    assert effective_draws(np.ones((100, 4))) == 0


def test_independent_draws_count_in_full():
    assert effective_draws(RNG.normal(size=(2000, 4))) == pytest.approx(8000, rel=0.15)


def test_correlated_draws_count_for_what_the_theory_says():
    draws = autoregressive(0.8, 20_000, 4)
    assert effective_draws(draws) == pytest.approx(80_000 * 0.2 / 1.8, rel=0.15)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.floats(0.1, 9))
def test_only_the_order_of_the_draws_matters(seed, power):
    draws = np.random.default_rng(seed).lognormal(size=(60, 4))
    assert split_rhat(draws**power) == pytest.approx(split_rhat(draws), abs=0.02)
