import numpy as np
import pytest

from havenlight.mse import CaptureTable, Settings, estimate_strata
from havenlight.mse.read import StratifiedTable
from havenlight.mse.result import Status, Verdict

QUICK = Settings(resamples=200)


def make_table(lists, size, share):
    chances = [
        share ** int(c).bit_count() * (1 - share) ** (len(lists) - int(c).bit_count())
        for c in range(1, 1 << len(lists))
    ]
    return CaptureTable.from_dense(tuple(lists), np.rint(size * np.array(chances)).astype(int))


def make_strata(**tables):
    return StratifiedTable(("year",), {(name[1:],): table for name, table in tables.items()})


def test_strata_with_different_lists_add_up():
    strata = make_strata(y2020=make_table("ABC", 900, 0.4), y2021=make_table("ABCD", 1200, 0.3))
    analysis = estimate_strata(strata, "stepwise", QUICK)
    first, second = analysis.strata["2020",], analysis.strata["2021",]
    assert analysis.total.estimate == pytest.approx(first.estimate + second.estimate)
    assert analysis.total.estimate == pytest.approx(2100, rel=0.01)
    assert analysis.total.lower < 2100 < analysis.total.upper


def test_the_totals_interval_is_narrower_than_the_sum_of_the_ends():
    table = make_table("ABC", 900, 0.4)
    analysis = estimate_strata(make_strata(y2020=table, y2021=table, y2022=table), "bic", QUICK)
    ends = [(one.lower, one.upper) for one in analysis.strata.values()]
    widths = [upper - lower for lower, upper in ends]
    # Three equal, independent strata: the width grows with the root of three.
    ours = analysis.total.upper - analysis.total.lower
    assert ours == pytest.approx(np.sqrt(3) * np.mean(widths), rel=0.25)
    assert ours < sum(widths)
    assert analysis.pooled.total.estimate == pytest.approx(analysis.total.estimate, rel=0.05)


def test_one_stratum_alone_has_the_interval_of_its_table():
    analysis = estimate_strata(make_strata(y2020=make_table("ABC", 900, 0.4)), "bic", QUICK)
    only = analysis.strata["2020",]
    assert (analysis.total.lower, analysis.total.upper) == (only.lower, only.upper)


def test_a_stratum_without_estimate_leaves_no_total_and_is_named():
    apart = CaptureTable.from_dense(("A", "B"), [20, 30, 0])
    strata = make_strata(y2020=make_table("ABC", 900, 0.4), y2021=apart)
    analysis = estimate_strata(strata, "stepwise", QUICK)
    assert analysis.total.status is Status.NOT_ESTIMABLE
    assert "2021" in analysis.total.reason
    assert analysis.strata["2020",].status is Status.ESTIMATED
    assert analysis.judgement.verdict is Verdict.NOT_ESTIMABLE
    assert any(reason.text.startswith("2021: ") for reason in analysis.judgement.reasons)


def test_the_json_names_the_stratum():
    answer = estimate_strata(make_strata(y2020=make_table("ABC", 300, 0.5)), "bic", QUICK).as_json()
    assert answer["strata"][0]["stratum"] == {"year": "2020"}
    assert answer["total"]["name"] == "total"
    assert answer["verdict"] == "estimable"
    assert answer["pooled"] is None


@pytest.mark.long
def test_the_interval_of_the_total_covers_as_often_as_it_claims():
    rng = np.random.default_rng(11)
    chances = np.array(
        [0.4 ** int(c).bit_count() * 0.6 ** (3 - int(c).bit_count()) for c in range(8)]
    )
    covered = 0
    for seed in range(200):
        drawn = rng.multinomial(400, chances, size=3)[:, 1:]
        tables = {
            f"y{i}": CaptureTable.from_dense(tuple("ABC"), row) for i, row in enumerate(drawn)
        }
        total = estimate_strata(
            make_strata(**tables), "stepwise", Settings(resamples=400, seed=seed)
        )
        covered += total.total.lower <= 1200 <= total.total.upper
    # 95% of 200 is 190, with a standard error of 3; choosing the model costs a few.
    assert covered >= 180
