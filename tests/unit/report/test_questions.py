"""Researchers' questions: any two variables by a filter, and never a small count."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from havenlight.casework.persons import is_victim
from havenlight.disclosure import Ledger, Rules, audit
from havenlight.figures.columns import Registrations
from havenlight.figures.errors import NothingToCount
from havenlight.report.answering import answered
from havenlight.report.edition import Analysis, analysis_of
from havenlight.report.errors import QuestionRefused
from havenlight.report.forms import QuestionForm
from havenlight.report.grids import analysis_grid, heading
from havenlight.report.questions import Asked, axes, check, filters
from tests.unit.figures import counting
from tests.unit.report import making

AGE = Asked(2021, "victims", "age_band", "first_disclosure")


@cache
def registrations(late: int = 0) -> Registrations:
    """Those of 2021, in every variable that a question may name; some victims are there twice."""
    cases = list(counting.simulated(2021))
    victims = [each for each in cases if is_victim(each.answers)]
    cases += [replace(each, name=f"{each.name}-late") for each in victims[:late]]
    names = [*axes(counting.CODEBOOK), *filters(counting.CODEBOOK)]
    wanted = tuple({"help_question", "role", *(variable.key for variable, _, _ in names)})
    with TemporaryDirectory() as directory:
        return counting.registrations(cases, Path(directory), wanted)


def ask(asked: Asked, ledger: Ledger | None = None, late: int = 0) -> tuple[Analysis, Ledger]:
    rules = Rules(seed=1)
    return answered(asked, counting.BOOK, registrations(late), rules, ledger or Ledger())


def test_an_answer_is_rounded_and_told_to_the_ledger() -> None:
    answer, ledger = ask(AGE)
    assert {cell.value % 5 for cell in answer.cells if cell.value is not None} == {0}
    assert AGE.key() in ledger.sources()
    head, rows = analysis_grid(answer, "nl")
    assert head == ("", "Ja", "Nee", "all")
    assert rows[0][0] == "12 jaar en jonger"
    assert heading(answer, "en") == ("Age group by Tells it for the first time, victims in 2021")


def test_an_answer_keeps_its_words_as_json() -> None:
    answer, _ = ask(AGE)
    assert analysis_of(json.loads(answer.to_json())) == answer


def test_however_it_is_turned_it_is_the_same_question() -> None:
    turned = Asked(2021, "victims", "first_disclosure", "age_band")
    assert turned.canonical() == AGE.canonical()


def test_questions_that_cut_each_other_and_the_report_tell_no_small_count() -> None:
    ledger = making.simulated(2021).ledger
    for only in ("", "gender.female", "forms.sexual", "gender.male"):
        asked = Asked(2021, "victims", "age_band", "first_disclosure", only)
        _, ledger = ask(asked, ledger)
    found = audit(ledger, threshold=5).broken
    assert not [each for each in found if any("explorer" in name for name in each.because)]


def test_who_was_marked_after_the_report_is_counted_in_an_answer_under_a_new_name() -> None:
    asked = Asked(2021, "victims", "age_band", "channel")
    told = making.simulated(2021).ledger
    assert "victims-2021r2" not in ask(asked, told)[1].populations()
    answer, ledger = ask(asked, told, late=8)
    assert answer.cells[-1].value in {290, 295}
    assert "victims-2021r2" in ledger.populations()
    # One alone is not to be found by who has the report.
    assert ask(asked, told, late=1)[0].withheld == "attack"


def test_a_variable_with_the_name_of_a_share_and_other_codes_can_be_asked_after_it() -> None:
    for rows in ("referral_accepted", "referral_arrived"):
        answer, _ = ask(Asked(2021, "victims", rows, "gender"), making.simulated(2021).ledger)
        assert answer.key.endswith(f"{rows}*gender")


def test_the_form_begins_with_a_question_that_can_be_asked() -> None:
    form = QuestionForm(years=[2021])
    first = next(name for name, _label in form.fields["rows"].choices)
    check(Asked(2021, "victims", first, form["columns"].initial), counting.CODEBOOK)


def test_few_persons_get_no_answer() -> None:
    answer, ledger = ask(Asked(2021, "victims", "age_band", "first_disclosure", "gender.male"))
    assert (answer.withheld, answer.cells) == ("base", ())
    assert not ledger.statements


def test_what_somebody_may_have_several_of_is_asked_as_yes_or_no() -> None:
    answer, _ = ask(Asked(2021, "victims", "age_band", "forms.criminal"))
    assert list(answer.axes[1].codes) == ["yes", "no"]


def test_a_year_without_registrations_is_refused() -> None:
    with pytest.raises(NothingToCount):
        ask(Asked(1999, "victims", "age_band", "first_disclosure"))


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (Asked(2021, "victims", "age", "gender"), "unknown"),
        (Asked(2021, "victims", "sincerity", "gender"), "unknown"),
        (Asked(2021, "everyone", "age_band", "gender"), "unknown"),
        (Asked(2021, "victims", "age_band", "gender", "forms.none"), "unknown"),
        (Asked(2021, "victims", "gender", "gender"), "same"),
        (Asked(2021, "victims", "age_band", "gender", "gender.female"), "same"),
        (Asked(2021, "victims", "age_band", "forms.sexual", "forms.sexual"), "same"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_reason(asked: Asked, reason: str) -> None:
    with pytest.raises(QuestionRefused) as refused:
        check(asked, counting.CODEBOOK)
    assert refused.value.reason == reason
