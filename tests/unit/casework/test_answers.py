"""What may be answered, and that a form can always be finished."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenlight.casework import versions
from havenlight.casework.answers import as_json, asked, checked, finished, settled
from havenlight.casework.codebook import Answer
from havenlight.casework.errors import AnswersRefused
from havenlight.casework.questions import questions
from tests.unit.casework.answering import answer_to

BOOK = versions.codebook("2026-1")
HELP = {"contact_kind": "help", "role": "victim", "help_question": ("trafficking",)}


def fill_in_and_finish(data: st.DataObject) -> None:
    """Answer and change at random, as a form allows, and finish where that ends."""
    answers: dict[str, Answer] = {}
    for _ in range(data.draw(st.integers(0, 25))):
        key = data.draw(st.sampled_from(asked(BOOK, answers)))
        answers[key] = data.draw(answer_to(BOOK.variables[key]))
        answers = dict(settled(BOOK, answers))
        assert checked(BOOK, answers).keys() == answers.keys()
    registration = finished(BOOK, answers)
    assert list(registration) == list(BOOK.variables)
    assert checked(BOOK, json.loads(json.dumps(as_json(registration)))) == registration
    questions(BOOK, registration)


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_whatever_is_filled_in_and_changed_the_form_can_be_finished(data: st.DataObject) -> None:
    fill_in_and_finish(data)


@pytest.mark.long
@settings(deadline=None, max_examples=2_000)
@given(st.data())
def test_the_form_can_be_finished_from_thousands_of_states(data: st.DataObject) -> None:
    fill_in_and_finish(data)


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_finishing_keeps_what_was_answered_and_invents_nothing(data: st.DataObject) -> None:
    keys = asked(BOOK, HELP)
    chosen = data.draw(st.lists(st.sampled_from(keys), unique=True, max_size=5))
    said = {**HELP, **{key: data.draw(answer_to(BOOK.variables[key])) for key in chosen}}
    kept = checked(BOOK, settled(BOOK, said))
    registration = finished(BOOK, said)
    assert {key: registration[key] for key in kept} == kept
    for key in registration.keys() - kept.keys():
        band_of = BOOK.variables[key].band_of
        number = kept.get(band_of) if band_of else None
        assert registration[key] in {"not_asked", "not_applicable", number}


def test_a_band_that_nobody_knows_is_absent_for_the_reason_of_its_number() -> None:
    registration = finished(BOOK, {**HELP, "age": "refused", "duration_months": "unknown"})
    assert (registration["age_band"], registration["duration_band"]) == ("refused", "unknown")


def test_a_contact_that_is_no_trafficking_takes_the_short_cut() -> None:
    assert asked(BOOK, {"contact_kind": "silent"}) == (
        "contacted_on",
        "channel",
        "campaign",
        "language",
        "contact_kind",
    )
    registration = finished(BOOK, {"contact_kind": "prank"})
    assert registration["forms"] == "not_applicable"
    assert registration["channel"] == "not_asked"


def test_a_condition_on_an_answer_that_is_not_asked_any_more_does_not_hold() -> None:
    answers = {**HELP, "forms": ("sexual",), "sexual_forms": ("webcam",)}
    assert "sexual_forms" in asked(BOOK, answers)
    changed = settled(BOOK, {**answers, "contact_kind": "test"})
    assert changed == {"contact_kind": "test"}


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (9, "12_and_under"),
        (12, "12_and_under"),
        (13, "13_15"),
        (15, "13_15"),
        (16, "16_17"),
        (17, "16_17"),
        (18, "18_22"),
        (22, "18_22"),
        (23, "23_and_over"),
        (50, "23_and_over"),
    ],
)
def test_the_age_group_follows_from_the_age(age: int, band: str) -> None:
    assert settled(BOOK, {"contact_kind": "help", "age": age})["age_band"] == band


def test_an_age_group_may_be_known_without_an_age() -> None:
    answers = {"contact_kind": "help", "age": "refused", "age_band": "16_17"}
    assert settled(BOOK, answers) == answers


@pytest.mark.parametrize(
    ("answers", "variable", "reason"),
    [
        ({"shoe": "red"}, "shoe", "is not in the codebook"),
        ({"channel": "fax"}, "channel", "has no such code"),
        ({"channel": ["chat"]}, "channel", "has no such code"),
        ({"channel": None}, "channel", "has no such code"),
        ({"contacted_on": "2026-02-30"}, "contacted_on", "a day that exists"),
        ({"contacted_on": "1926-01-31"}, "contacted_on", "before 1970"),
        ({"contacted_on": "20260101"}, "contacted_on", "a day that exists"),
        ({"campaign": "=1+1"}, "campaign", "small letters"),
        ({**HELP, "age": -1}, "age", "must be 0 to 120"),
        ({**HELP, "age": True}, "age", "must be a whole number"),
        ({**HELP, "age": "15"}, "age", "must be a whole number"),
        ({**HELP, "forms": []}, "forms", "one or more codes"),
        ({**HELP, "forms": "sexual"}, "forms", "one or more codes"),
        ({**HELP, "forms": ["sexual", "sexual"]}, "forms", "twice"),
        ({**HELP, "forms": ["sexual", "unknown"]}, "forms", "has no such code"),
        ({**HELP, "forms": [["sexual"]]}, "forms", "has no such code"),
        ({**HELP, "known_to": ["police", "nobody"]}, "known_to", "nobody goes with no other"),
        ({"forms": ["sexual"]}, "forms", "is not asked"),
        ({**HELP, "forms": ["labour"], "sexual_forms": ["webcam"]}, "sexual_forms", "not asked"),
        ({**HELP, "age": 15, "age_band": "16_17"}, "age_band", "does not hold the age"),
    ],
)
def test_an_answer_outside_the_codebook_is_refused_with_variable_and_reason(
    answers: dict[str, object], variable: str, reason: str
) -> None:
    with pytest.raises(AnswersRefused) as refused:
        checked(BOOK, answers)
    assert [each.variable for each in refused.value.refusals] == [variable]
    assert reason in refused.value.refusals[0].reason


def test_every_wrong_answer_is_named_at_once_and_none_is_repeated() -> None:
    with pytest.raises(AnswersRefused) as refused:
        checked(BOOK, {"channel": "secret-word", "language": "xx", "contacted_on": 7})
    assert len(refused.value.refusals) == 3
    assert "secret-word" not in str(refused.value)


def test_several_codes_are_kept_in_the_order_of_the_codebook() -> None:
    answers = checked(BOOK, {**HELP, "forms": ["criminal", "sexual"]})
    assert answers["forms"] == ("sexual", "criminal")


def test_a_day_is_read_from_json() -> None:
    assert checked(BOOK, {"contacted_on": "2026-02-28"}) == {"contacted_on": date(2026, 2, 28)}
