"""The attacker: what can be found by subtracting, over tables, years, editions and shares."""

import numpy as np
import pytest

from havenlight.disclosure import Ledger, Risk, Rules, Table, Variable, audit, protect
from havenlight.disclosure.errors import LedgerContradicts, LedgerRefused
from tests.unit.disclosure import people

AGE = Variable("age", ("child", "minor", "adult"))
FORM = Variable("form", ("yes", "no"), sensitive=True)
KNOWN = Ledger().with_variable(AGE).with_variable(FORM)


def found(ledger: Ledger, **options: object) -> set[tuple[str, int, int]]:
    return {(one.population, one.lower, one.upper) for one in audit(ledger, **options).broken}


def said(ledger: Ledger, population: str, **counts: int) -> Ledger:
    for code, count in counts.items():
        ledger = ledger.with_count(population, population, count, count, {"age": (code,)})
    return ledger


def test_what_is_hidden_alone_is_found_by_subtracting():
    ledger = said(KNOWN, "p", minor=40, adult=57).with_count("total", "p", 100, 100)
    findings = audit(ledger)
    assert [(one.where, one.lower, one.upper) for one in findings.broken] == [
        ((("age", ("child",)),), 3, 3)
    ]
    assert findings.broken[0].because == ("p", "total")


def test_a_later_edition_tells_who_came_late():
    ledger = KNOWN.link("2021-2", "2021-1", "late").with_count("first", "2021-1", 285, 285)
    assert audit(ledger.with_count("second", "2021-2", 295, 295)).safe
    assert found(ledger.with_count("second", "2021-2", 287, 287)) == {("late", 2, 2)}


def test_years_months_and_units_tell_of_each_other():
    ledger = said(KNOWN.link("visitors", "victims", "bystanders"), "visitors", child=12, minor=40)
    assert found(said(ledger, "victims", child=11, minor=30)) == {("bystanders", 1, 1)}


def test_filters_tell_of_what_they_leave_out():
    where = {"age": ("child",), "form": ("yes",)}
    ledger = KNOWN.with_count("all", "p", 50, 50, {"age": ("child",)})
    assert found(ledger.with_count("filter", "p", 48, 48, where)) == {("p", 2, 2)}


def test_a_share_with_decimals_beside_a_count_tells_the_count():
    ledger = KNOWN.with_count("total", "p", 285, 285)
    part = {"age": ("child",)}
    assert audit(ledger.with_share("press", "p", 0.0, 0.02, where=part)).safe
    precise = ledger.with_share("press", "p", 0.0135, 0.0145, where=part)
    findings = audit(precise)
    assert [(one.lower, one.upper, one.because) for one in findings.broken] == [
        (4, 4, ("press", "total"))
    ]


def test_rounding_intervals_are_narrowed_by_exact_margins():
    ledger = KNOWN.with_count("total", "p", 6, 6)
    for code in AGE.codes:
        ledger = ledger.with_count("rounded", "p", 0, 2, {"age": (code,)})
    assert {one[1:] for one in found(ledger)} == {(2, 2)}


def test_a_group_of_which_nobody_has_a_sensitive_code_is_found():
    ledger = KNOWN.with_count("t", "p", 20, 20, {"age": ("child",)})
    ledger = ledger.with_count("t", "p", 20, 20, {"age": ("child",), "form": ("yes",)})
    assert {one.risk for one in audit(ledger).broken} == {Risk.GROUP}


def test_a_count_that_is_known_to_be_large_is_not_judged():
    ledger = KNOWN.with_count("t", "p", 3, 6)
    assert found(ledger) == {("p", 3, 6)}
    assert audit(ledger, truth=[Table("t", "p", (), np.array(6))]).safe


def test_three_pairs_are_joined_in_the_table_that_nobody_published():
    # Of two codes each: the pairs alone leave a, b and c open, the joint table does not.
    variables = [Variable(key, ("0", "1")) for key in "abc"]
    ledger = Ledger()
    for one in variables:
        ledger = ledger.with_variable(one)
    for one, other in (("a", "b"), ("a", "c"), ("b", "c")):
        ledger = ledger.with_count("pairs", "p", 0, 0, {one: ("0",), other: ("0",)})
        ledger = ledger.with_count("pairs", "p", 0, 0, {one: ("1",), other: ("1",)})
    with pytest.raises(LedgerContradicts):
        audit(ledger.with_count("total", "p", 10, 10))


def test_two_truths_at_once_are_refused():
    ledger = KNOWN.with_count("press", "p", 5, 5).with_count("report", "p", 6, 6)
    with pytest.raises(LedgerContradicts):
        audit(ledger)


def test_a_second_edition_is_protected_against_the_first():
    variables = [people.variable("a"), people.variable("b")]
    drawn = people.persons(285, variables, 5)
    first = people.tables(drawn[:282], variables, 1, "2021-1")
    second = people.tables(drawn, variables, 1, "2021-2")
    before = protect(first, Rules(), Ledger().link("2021-2", "2021-1", "late"))
    after = protect(second, Rules(), before.ledger)
    assert after.findings.safe
    assert any(table.withheld or table.cell(None).value != 285 for table in after.tables)


def test_what_was_already_broken_stays_found():
    ledger = said(KNOWN, "p", child=2)
    counts = np.array([2, 40, 60])
    assert not protect([Table("t", "q", (AGE,), counts)], Rules(), ledger).findings.safe


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 9}', '{"version": 1, "links": 3}'])
def test_a_ledger_that_is_none_is_refused(text):
    with pytest.raises(LedgerRefused):
        Ledger.from_json(text)


def test_a_ledger_comes_back_as_it_was_written():
    ledger = said(KNOWN.link("all", "p", "q"), "p", child=12).with_share(
        "press", "p", 0.1, 0.2, where={"age": ("child",)}, of={"age": ("child", "minor")}
    )
    assert Ledger.from_json(ledger.to_json()) == ledger
    assert ledger.to_json() == Ledger.from_json(ledger.to_json()).to_json()


def test_a_variable_may_not_change_its_codes_under_the_same_name():
    with pytest.raises(LedgerRefused, match="other codes"):
        KNOWN.with_variable(Variable("age", ("child", "adult")))


@pytest.mark.parametrize("where", [{"shoe": ("1",)}, {"age": ("old",)}])
def test_a_count_of_what_is_unknown_is_refused(where):
    with pytest.raises(LedgerRefused):
        KNOWN.with_count("press", "p", 5, 5, where)
