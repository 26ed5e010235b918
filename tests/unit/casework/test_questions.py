"""What contradicts is asked back, and never refused."""

import pytest

from havenlight.casework import versions
from havenlight.casework.answers import finished
from havenlight.casework.questions import RULES, questions

BOOK = versions.codebook("2026-1")
HELP = {"contact_kind": "help", "role": "victim", "help_question": ("trafficking",)}

CONTRADICTIONS: dict[str, list[dict[str, object]]] = {
    "duration_longer_than_life": [
        {"age": 9, "duration_months": 120},
        {"age_band": "12_and_under", "duration_months": 156},
    ],
    "began_later_than_now": [
        {"age": 15, "age_at_start": 16},
        {"age_band": "13_15", "age_at_start": 16},
    ],
    "began_and_lasted_too_long": [
        {"age": 15, "age_at_start": 14, "duration_months": 24},
        {"age_band": "13_15", "age_at_start": 12, "duration_band": "5_years_and_over"},
    ],
    "one_perpetrator_two_relations": [{"perpetrators": "one", "relation": ("father", "mother")}],
    "established_by_no_one": [{"trafficking_status": "actual", "status_source": "herself"}],
    "not_a_victim_with_forms": [{"trafficking_status": "not", "forms": ("sexual",)}],
    "first_time_but_known": [{"first_disclosure": "yes", "known_to": ("police",)}],
    "began_online_grew_up": [{"recruitment_place": "online", "recruitment_how": "born_into"}],
}

AGREEING: list[dict[str, object]] = [
    {},
    {"age": 9, "duration_months": 119},
    {"age": 15, "age_at_start": 15},
    {"age": 15, "age_at_start": 14, "duration_months": 23},
    {"age": "unknown", "age_at_start": 16, "duration_months": 600},
    {"age_band": "13_15", "duration_band": "5_years_and_over"},
    {"perpetrators": "several", "relation": ("father", "mother")},
    {"perpetrators": "one", "relation": ("father", "family")},
    {"trafficking_status": "actual", "status_source": "police"},
    {"trafficking_status": "not", "forms": "unknown"},
    {"first_disclosure": "yes", "known_to": ("nobody",)},
]


@pytest.mark.parametrize("rule", RULES)
def test_a_contradiction_becomes_one_question_about_its_variables(rule: str) -> None:
    for answers in CONTRADICTIONS[rule]:
        found = questions(BOOK, finished(BOOK, HELP | answers))
        assert [each.key for each in found] == [rule]
        assert set(answers) <= set(found[0].variables)
        assert found[0].text.nl.endswith("?")
        assert found[0].text.en.endswith("?")


@pytest.mark.parametrize("answers", AGREEING)
def test_what_can_be_true_is_not_asked_back(answers: dict[str, object]) -> None:
    assert questions(BOOK, finished(BOOK, HELP | answers)) == ()
