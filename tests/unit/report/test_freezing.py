"""What may be printed: through disclosure control, with its reasons, and the same every time."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

from havenlight.disclosure import Ledger, Rules, TwoWay, Variable, audit
from havenlight.figures.errors import NothingToCount
from havenlight.report.derived import derived
from havenlight.report.edition import Edition, Value
from havenlight.report.errors import EditionRefused
from havenlight.report.freezing import Published
from havenlight.report.texts import Teller, of_two_ways
from havenlight.report.two_way import WAYS
from tests.unit.figures import counting
from tests.unit.figures.counting import victim
from tests.unit.report import making


def edition() -> Edition:
    return making.simulated(2019, 2020, 2021).edition


def value(name: str, year: int = 2021) -> Value:
    return edition().figures[name].values[year]


def test_headline_totals_are_exact_in_both_units() -> None:
    assert [value("visitors", year).count for year in (2019, 2020, 2021)] == [299, 283, 314]
    assert [value("victims", year).count for year in (2019, 2020, 2021)] == [266, 250, 285]


def test_a_share_has_its_base_and_interval() -> None:
    still = value("still_exploited")
    assert (still.count, still.base, still.share) == (210, 280, 75)
    assert (still.low, still.high) == (70, 80)


def test_shares_on_small_bases_vanish_and_say_why() -> None:
    for name in ("parent_case_over_two_years", "siblings", "referral_arrived", "parents"):
        assert value(name) == Value("withheld", reason="base")
    withheld = {(each.figure, each.reason) for each in edition().withheld if each.year == 2021}
    assert ("siblings", "base") in withheld
    assert ("younger_than_15", "rounding") in withheld


def test_no_printed_count_is_small() -> None:
    frozen = making.simulated(2019, 2020, 2021)
    for figure in frozen.edition.figures.values():
        rows = [row.value for each in figure.rows.values() for row in each]
        for printed in [*figure.values.values(), *rows]:
            if printed.shown == "exact" and figure.id != "contacts":
                assert printed.count == 0 or (printed.count or 5) >= 5


def test_what_nobody_or_everybody_named_as_control_looks_as_what_a_few_did(tmp_path: Path) -> None:
    named = [("physical_abuse", "debt")] * 3 + [("physical_abuse",)] * 57
    frozen = making.of([victim(means_of_control=each) for each in named], tmp_path)
    rows = frozen.edition.figures["means_of_control"].rows[2021]
    value = {row.parts[0]: row.value for row in rows}
    assert value["documents"] == value["debt"] == Value("fewer", None, 60, 0, 4, reason="small")
    assert (value["physical_abuse"].count, value["physical_abuse"].lower) == (None, 56)


@pytest.mark.parametrize("persons", [49, 50])
def test_contacts_are_no_sum_over_few_persons(tmp_path: Path, persons: int) -> None:
    came = "".join(f"C{number},2021-05-05\n" * 2 for number in range(persons))
    (tmp_path / "contacts.csv").write_text(f"case,contacted_on\n{came}", encoding="utf-8")
    frozen = making.of([victim()] * persons, tmp_path)
    told = [each.count for each in frozen.edition.figures["contacts"].values.values()]
    assert told == [100 if persons == 50 else None]
    held = [(each.figure, each.reason) for each in frozen.edition.withheld]
    assert (("contacts", "base") in held) is (persons == 49)


def test_contacts_that_nobody_counted_stand_among_what_is_not_printed(tmp_path: Path) -> None:
    held = making.of([victim()] * 60, tmp_path).edition.withheld
    assert {each.figure for each in held if each.reason == "uncounted"} == {"contacts", "returning"}


def test_a_share_that_is_nested_is_rounded_with_what_holds_it() -> None:
    assert value("younger_than_15").count == 55
    assert value("younger_than_15").shown == "rounded"
    assert value("reach").count in {145, 150}


def test_two_way_tables_are_protected_as_is_chosen_for_the_edition(tmp_path: Path) -> None:
    named = [("sexual",)] * 50 + [("criminal",)] * 7 + [("sexual", "criminal")] * 3
    rows = [victim(forms=each) for each in named]
    assert tuple(TwoWay) == WAYS
    for way, said in (
        (TwoWay.ROUNDED, "rounded to multiples of 5"),
        (TwoWay.SUPPRESSED, "a number is left out"),
        (TwoWay.PERTURBED, "noise of at most 4"),
    ):
        about = replace(making.ABOUT, rules=Rules(two_way=way, seed=1))
        made = making.of(rows, tmp_path, about=about).edition
        shown = {row.parts[0]: row.value.shown for row in made.figures["forms_combined"].rows[2021]}
        assert shown["both"] == way
        assert said in of_two_ways(made.rules)


def test_growth_totals_and_reach_are_made_from_what_is_printed(tmp_path: Path) -> None:
    growth, total, reach = value("growth"), value("three_years"), value("reach")
    assert (growth.count, growth.base, growth.share, growth.low, growth.high) == (
        285, 250, 114, 96, 136,
    )  # fmt: skip
    assert (total.count, 2020 in edition().figures["three_years"].values) == (801, False)
    assert (reach.base, reach.share, reach.shown) == (1300, 11, "rounded")
    alone = making.of([victim()] * 4, tmp_path).edition
    assert {"growth", "three_years"}.isdisjoint(alone.figures)


def test_what_is_rounded_is_told_as_about_so_many_and_nothing_is_reckoned_from_it() -> None:
    near = Value("rounded", 285, 285, reason="rounding")
    held = edition().figures["victims"]
    victims = replace(held, values={**held.values, 2021: near})
    figures = {**edition().figures, "victims": victims}
    made = {each.id: each.values for each in derived(counting.BOOK, figures)}
    assert made["growth"][2021] == made["three_years"][2021] == Value("withheld", reason="rounding")
    tell = Teller(replace(edition(), figures=figures), "en")
    with translation.override("en"):
        assert (tell.growth("victims"), tell.total("victims")) == ("", "")
        assert "about 285" in tell.count("victims")


def test_whoever_attacks_an_edition_without_the_truth_finds_nobody() -> None:
    # No girl of 16 is under 15: what follows from a definition is nothing that was found.
    ledger = making.simulated(2019, 2020, 2021).ledger
    assert audit(ledger).safe
    assert not audit(replace(ledger, never=())).safe


def test_json_gives_the_same_edition_and_the_same_bytes() -> None:
    text = edition().to_json()
    assert Edition.from_json(text) == edition()
    assert Edition.from_json(text).to_json() == text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"format": 2}'])
def test_what_is_no_edition_is_refused(text: str) -> None:
    with pytest.raises(EditionRefused):
        Edition.from_json(text)


def test_a_year_that_was_published_is_printed_as_it_was_published(tmp_path: Path) -> None:
    before = making.simulated(2020)
    rows = [victim() for _ in range(60)]
    published = Published(before.ledger, (before.edition,))
    after = making.of(rows, tmp_path, published).edition
    assert after.years == (2020, 2021)
    for name, figure in before.edition.figures.items():
        assert after.figures[name].values.get(2020) == figure.values.get(2020)


def test_what_earlier_editions_gave_away_is_told_and_stops_nobody(tmp_path: Path) -> None:
    told = Ledger().with_variable(Variable("minor", ("yes", "no")))
    told = told.with_count("sheet of 2018", "victims-2018", 3, 3, {"minor": ("yes",)})
    frozen = making.of([victim() for _ in range(60)], tmp_path, Published(told))
    assert frozen.already == ("sheet of 2018",)
    assert making.of([victim() for _ in range(60)], tmp_path).already == ()


def test_a_year_without_registrations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingToCount, match="2021"):
        making.of([], tmp_path)


def test_one_registration_makes_an_edition_that_says_nothing_of_it(tmp_path: Path) -> None:
    frozen = making.of([victim(gender="female", age=14, forms=("sexual",))], tmp_path).edition
    fewer = Value("fewer", None, None, 0, 4, reason="small")
    assert frozen.figures["victims"].values[2021] == fewer
    with translation.override("en"):
        assert "fewer than 5 wrote about themselves" in Teller(frozen, "en").count("victims")
    for figure in frozen.figures.values():
        assert all(each.count in {None, 0} for each in figure.values.values()), figure.id
        assert not any(row.value.count for rows in figure.rows.values() for row in rows)


def test_when_all_is_unknown_there_is_no_share(tmp_path: Path) -> None:
    frozen = making.of([victim(gender="unknown") for _ in range(80)], tmp_path).edition
    assert frozen.figures["victims"].values[2021].count == 80
    assert frozen.figures["girls"].values[2021].share is None


@pytest.mark.parametrize("few", [0, 2])
def test_a_base_does_not_tell_that_all_but_a_few_were_asked_more(tmp_path: Path, few: int) -> None:
    """Whoever was offered a referral was asked whether she took it: the base counts the offers."""
    taken = [{"referral_offered": "yes", "referral_accepted": each} for each in ("yes", "no") * 29]
    rows = [victim(**each) for each in [*taken, *[{"referral_offered": "no"}] * few]]
    frozen = making.of(rows, tmp_path).edition
    offered, accepted = (
        frozen.figures[name].values[2021] for name in ("referral_offered", "referral_accepted")
    )
    assert (offered.shown, accepted.shown) == ("range", "rounded")
    assert (accepted.base or 1) % 5 == 0
