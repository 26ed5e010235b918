"""Protecting tables: what is shown, what is not, and that no reader finds a small count."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenlight.disclosure import (
    Ledger,
    Reason,
    Rules,
    Shown,
    Table,
    TwoWay,
    Variable,
    audit,
    protect,
)
from havenlight.disclosure.errors import RulesRefused, TableRefused
from tests.unit.disclosure import people
from tests.unit.disclosure.reader import Reader

AGE = Variable("age", ("12", "13-15", "16-17", "18+"), neighbours={"12": "13-15"})
AGAIN = Variable("again", ("yes", "no", "unknown"), absent=("unknown",))
FORM = Variable("form", ("sexual", "criminal", "none"), sensitive=True)


def one_way(variable: Variable, counts: list[int]) -> Table:
    return Table("t", "p", (variable,), np.array(counts))


def protected(variable: Variable, counts: list[int], **rules: int):
    return protect([one_way(variable, counts)], Rules(**rules), Ledger()).tables[0]


@pytest.mark.parametrize(
    ("looser", "says"),
    [
        ({"threshold": 4}, "threshold 4 is below 5"),
        ({"base": 3}, "base 3 is below the threshold 5"),
        ({"least_persons": 49}, "least is 50"),
        ({"dominance": 0.95}, "not in 0 to 0.9"),
    ],
)
def test_rules_are_settable_upwards_only(looser, says):
    with pytest.raises(RulesRefused, match=says):
        Rules(**looser)


def test_a_small_code_goes_into_its_named_neighbour():
    table = protected(AGE, [3, 40, 60, 50])
    assert table.cell("12") == table.cell("13-15")
    assert (table.cell("12").value, table.cell("12").codes) == (43, (("12", "13-15"),))
    assert table.cell(None).value == 153


def test_a_small_code_without_neighbour_says_fewer_than_and_its_complement_is_a_range():
    table = protected(AGAIN, [3, 20, 80])
    assert (table.cell("yes").shown, table.cell("yes").upper) == (Shown.FEWER, 4)
    assert (table.cell("no").shown, table.cell("no").reason) == (Shown.RANGE, Reason.COMPLEMENT)
    assert (table.cell("no").lower, table.cell("no").upper) == (19, 23)
    assert table.cell("unknown").value == 80


def test_two_small_codes_that_protect_each_other_need_no_complement():
    table = protected(Variable("v", ("a", "b", "c")), [2, 2, 60])
    assert [table.cell(code).shown for code in "abc"] == [Shown.FEWER, Shown.FEWER, Shown.EXACT]


def test_a_range_never_reaches_below_the_threshold_since_a_reader_knows_it_is_not_small():
    table = protected(AGAIN, [1, 6, 80])
    assert table.cell("no").value == 6
    assert table.cell("unknown").shown is Shown.RANGE


def test_a_code_that_nobody_has_is_shown_unless_it_is_sensitive():
    assert protected(AGAIN, [0, 20, 80]).cell("yes").value == 0
    # None looks as a few do: a reason of its own would tell the one from the other.
    none, few = protected(FORM, [60, 0, 40]), protected(FORM, [58, 2, 40])
    assert none.cell("criminal") == few.cell("criminal")
    assert none.cell("criminal").shown is Shown.FEWER


def test_all_of_a_sensitive_variable_is_not_told():
    table = protected(FORM, [100, 0, 0])
    assert all(table.cell(code).share is None for code in FORM.codes)
    assert table.cell("sexual").lower < 100


def test_a_cell_from_one_contributor_is_not_shown():
    table = Table("t", "p", (AGE,), np.array([20, 40, 60, 50]), np.array([19, 4, 6, 5]))
    shown = protect([table], Rules(), Ledger()).tables[0]
    assert all(cell.shown is not Shown.EXACT for cell in shown.cells if "12" in cell.codes[0])


def test_shares_are_whole_per_cents_of_the_answers():
    table = protected(AGAIN, [30, 50, 20])
    assert [table.cell(code).share for code in AGAIN.codes] == [38, 63, None]


def test_shares_vanish_on_a_small_base():
    table = protected(AGAIN, [20, 20, 30])
    assert table.cell("yes").share is None
    assert table.cell("yes").share_reason is Reason.BASE


@pytest.mark.parametrize(
    ("variables", "counts", "reason"),
    [((AGE,), np.full(4, 12), Reason.BASE), ((AGE, AGAIN, FORM), np.ones((4, 3, 3)), Reason.WAYS)],
)
def test_tables_on_few_persons_and_three_way_tables_are_withheld(variables, counts, reason):
    shown = protect([Table("t", "p", variables, counts)], Rules(), Ledger()).tables[0]
    assert (shown.withheld, shown.cells) == (reason, ())


def test_subtotals_stay_exact_and_what_is_below_them_is_protected_among_themselves():
    variable = Variable(
        "region", ("n1", "n2", "s1", "s2"), groups={"north": ("n1", "n2"), "south": ("s1", "s2")}
    )
    table = protected(variable, [3, 40, 30, 30])
    subtotal = next(cell for cell in table.cells if cell.codes == (("n1", "n2"),))
    assert (subtotal.value, table.cell("n2").shown) == (43, Shown.RANGE)
    assert table.cell("s1").value == 30


def test_the_same_table_may_not_be_published_twice():
    first = protect([one_way(AGE, [20, 40, 60, 50])], Rules(), Ledger())
    with pytest.raises(TableRefused, match="there already"):
        protect([one_way(AGE, [20, 40, 60, 50])], Rules(), first.ledger)


def test_what_is_rounded_adds_up_and_is_less_than_a_base_away():
    variables = [people.variable("a"), people.variable("b")]
    drawn = people.persons(285, variables, 7)
    given = people.tabulate(drawn, variables, (0, 1), "p")
    table = protect([given], Rules(), Ledger()).tables[0]
    for at, code in enumerate(variables[0].codes):
        row = [table.cell(code, other) for other in variables[1].codes]
        assert sum(cell.value for cell in row) == table.cell(code, None).value
        for cell, count in zip(row, given.counts[at], strict=True):
            assert abs(cell.value - count) < 5
            assert cell.value % 5 == 0
            assert cell.lower <= count <= cell.upper


def test_an_equal_seed_gives_equal_bytes_and_is_told_nowhere():
    variables = [people.variable("a"), people.variable("b")]
    given = people.tables(people.persons(285, variables, 7), variables, 2)
    rules = Rules(seed=7654321)
    assert "7654321" not in repr(rules) + repr(asdict(rules))
    ledgers = {protect(given, rules, Ledger()).ledger.to_json() for _ in range(2)}
    assert len(ledgers) == 1


def test_without_a_seed_nobody_can_draw_the_same_rounding():
    variables = [people.variable("a"), people.variable("b")]
    given = people.tables(people.persons(285, variables, 7), variables, 2)
    ledgers = {protect(given, Rules(), Ledger()).ledger.to_json() for _ in range(3)}
    # Two are alike once in some hundreds, all of them never.
    assert len(ledgers) > 1


LINKED = given(
    seed=st.integers(0, 10_000),
    n=st.integers(50, 400),
    sizes=st.lists(st.integers(2, 4), min_size=3, max_size=3),
    way=st.sampled_from(TwoWay),
)


@settings(max_examples=6, deadline=None)
@LINKED
def test_no_reader_of_linked_tables_finds_a_small_count(seed, n, sizes, way):
    attack_in_whole_persons(seed, n, sizes, way)


@pytest.mark.long
@settings(max_examples=300, deadline=None)
@LINKED
def test_no_reader_of_many_linked_tables_finds_a_small_count(seed, n, sizes, way):
    attack_in_whole_persons(seed, n, sizes, way)


def attack_in_whole_persons(seed, n, sizes, way):
    variables = [people.variable(key, size) for key, size in zip("abc", sizes, strict=True)]
    drawn = people.persons(n, variables, seed)
    given_tables = [*people.tables(drawn, variables, 1), *people.tables(drawn, variables, 2)]
    shown = protect(given_tables, Rules(two_way=way, seed=seed), Ledger())
    assert shown.findings.safe
    reader = Reader(variables, shown.tables)
    for before, after in zip(given_tables, shown.tables, strict=True):
        for place in zip(*np.nonzero((before.counts > 0) & (before.counts < 5)), strict=True):
            codes = tuple((one.codes[at],) for one, at in zip(before.variables, place, strict=True))
            low, high = reader.bounds(reader.of(after, codes))
            assert low <= before.counts[place] <= high
            assert high - low + 1 >= 5


def test_an_attack_without_knowing_the_truth_asks_more():
    shown = protect([one_way(AGE, [3, 40, 60, 50])], Rules(), Ledger())
    assert audit(shown.ledger).safe
