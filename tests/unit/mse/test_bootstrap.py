import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenlight.mse.bootstrap import Bootstrap, bootstrap


def make_bootstrap(replicates, estimate=0.0, influence=(0.0,), weights=(1.0,)):
    arrays = (np.array(values, dtype=float) for values in (replicates, influence, weights))
    return Bootstrap(estimate, *arrays)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=50))
def test_a_percentile_interval_holds_the_middle(values):
    lower, upper = make_bootstrap(values).percentile(0.9)
    assert lower <= upper
    assert (lower, upper) == pytest.approx(np.quantile(values, [0.05, 0.95]), abs=1e-6)


def test_without_bias_and_acceleration_bca_is_the_percentile_interval():
    drawn = make_bootstrap(np.arange(1000), estimate=499.5)
    assert drawn.bca(0.95) == pytest.approx(drawn.percentile(0.95))


def test_bias_and_acceleration_move_the_ends_as_published():
    # DiCiccio and Efron (1996), section 2, by hand with z0 = 0.1, a = 0.05 and z = -1.96 and 1.96:
    # 0.1 - 1.86 / 1.093 = -1.6017 and 0.1 + 2.06 / 0.897 = 2.3965, of a uniform distribution.
    drawn = make_bootstrap(np.arange(100_001) / 1e5, 0.539828, influence=(1.0,), weights=(0.0,))
    moved = Bootstrap(drawn.estimate, drawn.replicates, np.array([1.0]), np.array([1 / 0.09]))
    assert moved.acceleration == pytest.approx(0.05)
    assert moved.bca(0.95) == pytest.approx((0.05461, 0.99172), abs=2e-5)


def test_a_resample_without_estimate_counts_as_endless():
    drawn = make_bootstrap([1.0, 2.0, 3.0, np.inf], estimate=2.5)
    assert drawn.failed_share == 0.25
    assert drawn.percentile(0.95)[1] == np.inf


def test_equal_seeds_draw_alike_and_progress_is_told():
    told = []
    counts = np.array([30, 20, 10])

    def estimator(tables):
        return (tables[:, 0] + tables[:, 2]) * (tables[:, 1] + tables[:, 2]) / tables[:, 2]

    first, second = (
        bootstrap(counts, estimator, 600, np.random.default_rng(3), lambda *at: told.append(at))
        for _ in range(2)
    )
    assert (first.replicates == second.replicates).all()
    assert told[:3] == [("bootstrap", 0.0), ("bootstrap", 250 / 600), ("bootstrap", 500 / 600)]
    assert first.estimate == pytest.approx(40 * 30 / 10)
    assert first.weights.sum() == 60
