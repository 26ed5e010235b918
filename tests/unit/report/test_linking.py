"""Years, quarters, months and later editions: what a reader subtracts from each other."""

import numpy as np
import pytest

from havenlight.disclosure import Ledger, Shown, Table, Variable, audit
from havenlight.disclosure.errors import LedgerContradicts
from havenlight.disclosure.ledger import Link
from havenlight.disclosure.rules import Rules
from havenlight.report.edition import named
from havenlight.report.linking import fitting, linked, protected, read

AGE = Variable("age", ("minor", "adult"))
RULES = Rules(seed=1)
MONTH = Variable("month", tuple(f"{month:02}" for month in range(1, 13)))


def minors(ledger: Ledger, **counts: int) -> Ledger:
    for population, count in counts.items():
        name = population.replace("_", "-").replace("to", "..")
        ledger = ledger.with_count(name, name, count, count, {"age": ("minor",)})
    return ledger


def found(ledger: Ledger) -> set[tuple[str, int, int]]:
    return {(one.population, one.lower, one.upper) for one in audit(ledger).broken}


def test_a_quarter_is_found_from_the_year_and_the_other_three():
    ledger = minors(Ledger().with_variable(AGE), v_2021=60, v_2021q1=20, v_2021q2=20, v_2021q4=18)
    assert found(ledger) == set()
    assert ("v-2021q3", 2, 2) in found(linked(ledger, ["v-2021q3"]))


def test_a_year_is_found_from_the_pooled_years_and_the_others():
    ledger = minors(Ledger().with_variable(AGE), v_2019to2021=60, v_2019=30, v_2020=27)
    assert ("v-2021", 3, 3) in found(linked(ledger, ["v-2021"]))


def test_what_a_year_leaves_around_its_quarter_is_attacked_though_nobody_tabulated_it():
    ledger = minors(Ledger().with_variable(AGE), v_2021=22, v_2021q1=20)
    assert ("v-2021-04+9", 2, 2) in found(linked(ledger))


def test_the_months_of_a_table_and_a_quarter_speak_of_the_same_persons():
    ledger = Ledger().with_variable(MONTH)
    ledger = ledger.with_count("months", "v-2021", 9, 9, {"month": ("01",)})
    ledger = ledger.with_count("months", "v-2021", 11, 11, {"month": ("02",)})
    ledger = linked(ledger.with_count("quarter", "v-2021q1", 23, 23))
    assert ("v-2021", 3, 3) in found(ledger)


def by_age(key: str, population: str, *counts: int) -> Table:
    return Table(key, population, (AGE,), np.array(counts))


@pytest.mark.parametrize("quarter", ["v-2021q2", "v-2021q2/age_band"])
def test_a_quarter_in_which_all_answered_cannot_be_taken_from_its_year(quarter: str):
    before = protected([by_age("year", "v-2021/age_band", 100, 100)], RULES, Ledger()).ledger
    after = protected([by_age("quarter", quarter, 98, 60)], RULES, before)
    assert not after.broken
    assert all(cell.shown is not Shown.EXACT for cell in after.table("quarter").cells)


def test_whom_a_filter_leaves_out_is_not_taken_for_all():
    ledger = Ledger().link("v-2021", "v-2021/age.minor", "v-2021/age.minor/rest")
    before = protected([by_age("filter", "v-2021/age.minor", 60, 40)], RULES, ledger).ledger
    after = protected([by_age("all", "v-2021q2", 58, 30)], RULES, before)
    assert all(cell.shown is Shown.EXACT for cell in after.table("all").cells)


def test_who_came_after_an_edition_cannot_be_found_from_the_next():
    first = protected([by_age("first", "v-2021", 100, 85)], RULES, Ledger())
    assert [cell.value for cell in first.tables[0].cells] == [100, 85, 185]
    second = protected([by_age("second", "v-2021r2", 102, 85)], RULES, first.ledger)
    assert not second.broken
    assert all(cell.shown is Shown.ROUNDED for cell in second.tables[0].cells)
    assert not any("late" in part for link in second.ledger.links for part in link.parts)


def by_month(population: str, *first_quarter: int) -> Table:
    return Table("months", population, (MONTH,), np.array([*first_quarter, *[20] * 9]))


def test_who_came_into_a_quarter_or_left_it_after_its_note_cannot_be_found_from_the_year():
    note = protected([Table("note", "v-2021q1", (), np.array(60))], RULES, Ledger()).ledger
    with pytest.raises(LedgerContradicts):
        protected([by_month("v-2021", 21, 20, 20)], RULES, note)
    for late, shown in ((1, Shown.ROUNDED), (9, Shown.EXACT), (-1, Shown.ROUNDED)):
        year = protected([by_month("v-2021r2", 20 + late, 20, 20)], RULES, note)
        assert not year.broken
        assert year.table("months").cells[0].shown is shown


def test_who_was_counted_before_is_counted_anew_when_it_no_longer_fits():
    tried = []

    def edition(counting: int) -> Ledger:
        tried.append(counting)
        population = f"v-{named(2021, counting)}"
        return protected([by_month(population, 21, 20, 20)], RULES, note).ledger

    note = protected([Table("note", "v-2021q1", (), np.array(60))], RULES, Ledger()).ledger
    note = fitting(note, (2021,), 1, edition)
    assert tried == [1, 2]
    for years, least in (((2021,), 1), ((2020,), 1), ((2020,), 3)):
        assert fitting(note, years, least, lambda counting: counting) == (
            2 if 2021 in years else least
        )
    # It is compared with the last counting that was told, though that is not the one before.
    after = protected([by_age("r4", "v-2021q1r4", 31, 30)], RULES, note)
    assert not after.broken
    assert all(cell.shown is Shown.ROUNDED for cell in after.table("r4").cells)


@pytest.mark.parametrize(("adults", "shown"), [(84, Shown.ROUNDED), (79, Shown.EXACT)])
def test_who_was_taken_back_after_an_edition_cannot_be_found_from_the_next(
    adults: int, shown: Shown
):
    first = protected([by_age("first", "v-2021", 100, 85)], RULES, Ledger())
    second = protected([by_age("second", "v-2021r2", 100, adults)], RULES, first.ledger)
    assert not second.broken
    assert all(cell.shown is shown for cell in second.tables[0].cells)


def test_an_edition_with_some_added_and_others_taken_back_is_still_protected():
    first = protected([by_age("first", "v-2021", 100, 85)], RULES, Ledger())
    second = protected([by_age("second", "v-2021r2", 110, 70)], RULES, first.ledger)
    assert [cell.value for cell in second.tables[0].cells] == [110, 70, 180]


def test_a_headline_that_gives_somebody_away_is_rounded():
    headline = Table("h", "v-2021q3", (), np.array(23))
    before = Ledger()
    for quarter in (1, 2, 4):
        before = before.with_count(f"q{quarter}", f"v-2021q{quarter}", 20, 20)
    after = protected([Table("y", "v-2021", (), np.array(62))], RULES, before)
    assert after.table("y").cells[0].shown is Shown.ROUNDED
    assert protected([headline], RULES, before).table("h").cells[0].value == 23


def test_a_filter_is_a_part_of_whom_it_filters():
    ledger = minors(Ledger().with_variable(AGE), v_2021=20)
    ledger = ledger.with_count("filter", "v-2021/age=adult", 30, 30)
    ledger = ledger.with_count("all", "v-2021", 53, 53)
    assert found(ledger) == set()
    with pytest.raises(LedgerContradicts):
        audit(linked(ledger))


def test_what_older_editions_gave_away_is_told_and_stops_nobody():
    before = minors(Ledger().with_variable(AGE), v_2020=3)
    after = protected([by_age("new", "v-2021", 100, 85)], RULES, before)
    assert not after.broken
    assert [(one.population, one.lower, one.upper) for one in after.already] == [("v-2020", 3, 3)]


def test_links_are_told_once_and_of_the_same_persons_only():
    ledger = minors(Ledger().with_variable(AGE), v_2021=60, v_2021q1=20)
    ledger = ledger.with_count("known", "v-2021q2/gender", 20, 20)
    once = linked(ledger)
    assert linked(once) == once
    assert once.links == (Link("v-2021", ("v-2021-04+9", "v-2021q1")),)


def test_a_name_without_a_period_is_left_alone():
    assert read("press") is None
    assert linked(Ledger().with_count("press", "press", 1, 1)).links == ()
