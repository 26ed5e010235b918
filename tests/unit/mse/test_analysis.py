import itertools
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from havenlight.mse import CaptureTable, Settings, estimate
from havenlight.mse.classical import choose_independent, classical_estimate
from havenlight.mse.judgement import judge
from havenlight.mse.plots import all_plots
from havenlight.mse.result import Status, Verdict
from havenlight.mse.wording import report_text, rounded

QUICK = Settings(resamples=40)
# Four lists that see 40% each, on their own, out of 2,000: everything agrees.
CHANCES = [0.4**n * 0.6 ** (4 - n) for n in (int(c).bit_count() for c in range(1, 16))]
GOOD = CaptureTable.from_dense(tuple("ABCD"), np.rint(2000 * np.array(CHANCES)).astype(int))


def make_table(*dense):
    return CaptureTable.from_dense(tuple("ABCDE")[: (len(dense) + 1).bit_length() - 1], dense)


@pytest.fixture(scope="module")
def uk(published):
    return estimate(published("UKdat_5"), ["stepwise", "bic"], replace(QUICK, max_order=2))


def test_the_uk_lists_are_fragile_and_it_says_why(uk):
    assert uk.verdict is Verdict.FRAGILE
    codes = {reason.code for reason in uk.judgement.reasons}
    assert {"models_disagree", "methods_disagree", "list_decides"} <= codes
    assert uk.method("stepwise").estimate == pytest.approx(11312.99028944)
    assert uk.method("bic").estimate == pytest.approx(22991.33131416)


def test_every_model_stands_with_its_weight(uk):
    rows = {row.model: row for row in uk.sensitivity.models}
    assert rows["[12,13,23,25,34]"].estimate == pytest.approx(22991.33131416)
    assert rows["[12,13,25,35,45]"].estimate == pytest.approx(12262.41242055)
    difference = rows["[12,13,25,35,45]"].bic - rows["[12,13,23,25,34]"].bic
    assert difference == pytest.approx(0.96, abs=0.005)
    ratio = rows["[12,13,25,35,45]"].weight / rows["[12,13,23,25,34]"].weight
    assert ratio == pytest.approx(np.exp(-difference / 2))


def test_the_json_has_what_programs_are_promised(uk):
    answer = json.loads(json.dumps(uk.as_json(), allow_nan=False))
    assert answer["n_observed"] == 2744
    assert answer["lists"] == ["LA", "NG", "PFNCA", "GO", "GP"]
    promised = {"name", "estimate", "lower", "upper", "level", "model", "criterion", "status"}
    assert promised | {"reason"} <= set(answer["methods"][0])
    assert answer["verdict"] == "fragile"
    assert answer["sensitivity"]["models_compared"] == 1024


def test_lists_that_agree_are_estimable_and_near_the_truth():
    analysis = estimate(GOOD, ["stepwise", "bic", "independent"], QUICK)
    assert analysis.verdict is Verdict.ESTIMABLE
    assert analysis.judgement.reasons == ()
    for one in analysis.methods:
        assert one.lower < 2000 < one.upper
    assert analysis.check.p_value > 0.05


def test_two_lists_give_chapman_and_a_warning():
    analysis = estimate(make_table(300, 200, 100))
    assert [one.name for one in analysis.methods] == ["chapman"]
    assert analysis.methods[0].estimate == pytest.approx(401 * 301 / 101 - 1)
    assert {reason.code for reason in analysis.judgement.reasons} == {"two_lists"}
    assert analysis.verdict is Verdict.FRAGILE
    assert "Two lists cannot show" in report_text(analysis)


def test_lists_that_share_nobody_are_not_estimable():
    analysis = estimate(make_table(50, 60, 0, 70, 0, 0, 0), ["stepwise", "bic"], QUICK)
    assert analysis.verdict is Verdict.NOT_ESTIMABLE
    assert all(one.estimate is None for one in analysis.methods)
    assert "'A' has no person in common" in analysis.judgement.reasons[0].text


def test_few_shared_persons_are_told():
    analysis = estimate(make_table(50, 60, 4, 70, 3, 2, 0), ["independent"], QUICK)
    assert "few_shared" in {reason.code for reason in analysis.judgement.reasons}


def test_a_model_that_does_not_fit_is_told():
    # Two kinds of persons, each kind seen by all lists or hardly: no log-linear pair shows it.
    kinds = [[0.9**n * 0.1 ** (4 - n), 0.1**n * 0.9 ** (4 - n)] for n in range(5)]
    dense = [round(4000 * sum(kinds[int(c).bit_count()])) for c in range(1, 16)]
    analysis = estimate(make_table(*dense), ["independent"], replace(QUICK, max_order=1))
    assert "poor_fit" in {reason.code for reason in analysis.judgement.reasons}


def test_an_endless_interval_is_not_a_number():
    table = make_table(60, 50, 1, 40, 0, 1, 0)
    analysis = estimate(table, ["independent"], replace(QUICK, resamples=300))
    answer = analysis.methods[0]
    if answer.upper is None:
        assert analysis.verdict is Verdict.NOT_ESTIMABLE
    endless = replace(answer, upper=None, reason="resamples without estimate")
    judged = judge(table, [endless], analysis.sensitivity, analysis.check)
    assert judged.verdict is Verdict.NOT_ESTIMABLE


def test_without_resamples_the_interval_is_the_profile():
    answer = classical_estimate(GOOD, choose_independent(GOOD), Settings(resamples=0))
    assert [answer.lower, answer.upper] == answer.details["profile"]
    assert "takes the model as given" in answer.reason


def test_an_unknown_method_is_an_error():
    with pytest.raises(KeyError):
        estimate(GOOD, ["guess"], QUICK)


@given(arrays(np.int64, 7, elements=st.integers(0, 40)))
@settings(max_examples=5, deadline=None)
def test_whatever_the_table_there_is_a_number_with_a_status_or_a_reason(dense):
    analysis = estimate(
        make_table(*dense.tolist()), ["stepwise", "bic"], replace(QUICK, resamples=9)
    )
    for one in analysis.methods:
        assert (one.estimate is None) == (one.status is not Status.ESTIMATED)
        assert one.estimate is not None or one.reason
        assert one.estimate is None or one.estimate >= analysis.n_observed
    json.dumps(analysis.as_json(), allow_nan=False)
    assert report_text(analysis)


def test_the_report_text_names_unit_level_methods_and_verdict(uk):
    text = report_text(uk)
    assert "2,744 persons were seen by at least one of 5 lists" in text
    assert "95% interval" in text
    assert "11,300" in text
    assert "fragile" in text


@pytest.mark.parametrize(
    ("value", "text"), [(999, "999"), (11312.9, "11,300"), (123456, "123,000")]
)
def test_three_figures_are_written(value, text):
    assert rounded(value) == text


def test_plots_hold_every_number_and_no_style_or_script(uk):
    plots = all_plots(uk)
    assert set(plots) == {"methods", "models", "sensitivity", "thresholds"}
    for svg in plots.values():
        assert 'role="img"' in svg
        assert not re.search(r"style=|<style|<script|href", svg)
    assert "stepwise 11,313" in plots["methods"]
    assert "[12,13,23,25,34] 22,991" in plots["models"]
    assert plots["methods"] == all_plots(uk)["methods"]


def test_a_list_called_like_markup_stays_text():
    names = ("<b>", "&", "C", "D")
    table = CaptureTable.from_dense(names, GOOD.dense())
    svg = "".join(all_plots(estimate(table, ["stepwise"], QUICK)).values())
    assert "<b>" not in svg
    assert "&lt;b&gt;" in svg


def test_marks_stay_inside_the_picture(uk):
    for svg in all_plots(uk).values():
        width = float(re.search(r'width="(\d+)"', svg)[1])
        places = itertools.chain(*(re.findall(rf' {a}="([\d.]+)"', svg) for a in ("x", "x1", "cx")))
        assert all(0 <= float(place) <= width for place in places)
