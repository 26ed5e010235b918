import numpy as np
import pytest

from havenlight.mse.errors import NotEstimable
from havenlight.mse.loglinear import fit
from havenlight.mse.profile import profile_interval
from havenlight.mse.terms import main_effects, parse


def test_the_profile_ends_lie_where_the_likelihood_has_fallen_enough(published):
    table, model = published("UKdat_5"), parse("[12,13,24,25,35,45]", 5)
    counts = table.dense().astype(float)
    ends = np.array(profile_interval(counts, model, 0.95)) - table.n_observed
    peak = fit(counts[None], model[None]).log_likelihood[0]
    held = fit(counts[None], model[None], offset=np.log(ends)).log_likelihood
    # Half the 95% quantile of the chi-square distribution with one degree of freedom.
    assert peak - held == pytest.approx([1.9207294, 1.9207294], abs=1e-6)


def test_the_profile_of_a_rich_table_is_close_to_the_normal_interval():
    counts = np.array([3000.0, 2000.0, 1000.0])
    profile = profile_interval(counts, main_effects(2), 0.95)
    lower, upper = fit(counts[None], main_effects(2)[None]).wald(6000, 0.95)
    assert profile == pytest.approx((lower[0], upper[0]), rel=1e-3)


def test_a_model_that_leaves_everything_open_has_no_upper_end():
    # One shared person: the interval of the unseen reaches far, but it ends.
    assert np.isfinite(profile_interval(np.array([20.0, 20.0, 1.0]), main_effects(2), 0.95)[1])
    with pytest.raises(NotEstimable, match="free"):
        profile_interval(np.array([20.0, 20.0, 0.0]), parse("[1,2]", 2) | True, 0.95)


def test_few_persons_on_one_list_only_leave_zero_unseen_possible():
    assert profile_interval(np.array([0.4, 1.0, 90.0]), main_effects(2), 0.95)[0] == pytest.approx(
        91.4, abs=0.2
    )
