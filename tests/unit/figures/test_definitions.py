"""Definitions say what they count, and are refused by name when the codebook does not know it."""

import pytest

from havenlight.casework.codebook import Absence
from havenlight.figures import defining
from havenlight.figures.definitions import Kind, Treated
from tests.unit.figures.counting import BOOK, CODEBOOK

PARTS = """
codebook = "2026-1"
[absences]
unknown = "apart"
not_asked = "apart"
refused = "apart"
not_applicable = "outside"
[[populations]]
key = "victims"
unit = "victims"
where = [{ variable = "role", any_of = ["victim"] }]
name = { nl = "slachtoffers", en = "victims" }
rule = { nl = "regel", en = "rule" }
[[figures]]
id = "minor"
kind = "share"
population = "victims"
part = [{ variable = "age_band", any_of = ["13_15"] }]
name = { nl = "jong", en = "young" }
source = "test"
"""


def refusal(old: str, new: str) -> str:
    assert old in PARTS
    with pytest.raises(defining.DefinitionsRefused) as refused:
        defining.read_book("test.toml", PARTS.replace(old, new).encode(), CODEBOOK)
    return str(refused.value)


def test_the_smallest_file_is_read() -> None:
    book = defining.read_book("test.toml", PARTS.encode(), CODEBOOK)
    assert book.figures["minor"].variables == ("role", "age_band")


def test_all_is_sensitive_but_what_people_round_her_can_know() -> None:
    assert {"forms", "known_to", "relation", "referral_offered", "contacts"} <= BOOK.sensitive
    assert BOOK.sensitive.isdisjoint({"age", "age_band", "gender", "month", "language"})
    open_ones = {each.id for each in BOOK.figures.values() if not BOOK.told_by(each)}
    assert open_ones == {
        *("visitors", "victims", "bystanders", "contacted_for_self", "contacts", "month"),
        *("growth_visitors", "growth", "three_years", "language"),
        *("age", "minor", "age_15_or_younger", "younger_than_15", "gender", "girls"),
    }
    assert BOOK.asked_by(["referral_accepted"]) == {"referral_offered"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"age_band"', '"shoe_size"', "minor: names shoe_size, which codebook 2026-1"),
        ('"13_15"', '"13_16"', "age_band has no code 13_16"),
        ('refused = "apart"', 'refused = "no"', "refused can never count as no"),
        ('refused = "apart"', "", "says nothing about refused"),
        ('population = "victims"', 'population = "victors"', "population that is not defined"),
        ('kind = "share"', 'kind = "shore"', "kind must be one of"),
        ('kind = "share"', 'kind = "reach"', "is a reach and has no external"),
        ('any_of = ["13_15"]', "below = 15", "age_band needs any_of"),
        ("part =", "port =", "does not know the key port"),
        ('codebook = "2026-1"', 'codebook = "2025-1"', "is 2025-1, not 2026-1"),
        ('{ nl = "jong", en = "young" }', '{ en = "young" }', "nl is missing"),
        ("[absences]", 'known_around = ["shoe_size"]\n[absences]', "known_around: names shoe_size"),
        ("[absences]", 'known_around = ["relation"]\n[absences]', "codebook calls sensitive"),
    ],
)
def test_a_slip_is_refused_with_its_place_and_reason(old: str, new: str, said: str) -> None:
    assert said in refusal(old, new)


def test_a_variable_that_is_never_published_has_no_table() -> None:
    part = 'part = [{ variable = "age_band", any_of = ["13_15"] }]'
    said = refusal(f'kind = "share"\npopulation = "victims"\n{part}',
                   'kind = "table"\npopulation = "victims"\nby = "sincerity"')  # fmt: skip
    assert "sincerity has no codes that may be published" in said


def test_every_shipped_figure_is_complete_and_never_counts_unknown_as_no() -> None:
    for figure in BOOK.figures.values():
        assert set(figure.absences) == set(Absence)
        assert figure.absences[Absence.UNKNOWN] is Treated.APART
        assert figure.sentence is not None or figure.kind in {Kind.TABLE, Kind.GROWTH}
        assert (figure.kind in {Kind.SHARE, Kind.TABLE}) == bool(figure.parts)


def test_the_figures_of_the_brief_are_defined() -> None:
    assert {
        *("victims", "visitors", "growth", "still_exploited", "duration", "age", "minor"),
        *("gender", "first_disclosure", "known_to_care_or_police", "forms", "forms_combined"),
        *("several_perpetrators", "parents", "siblings", "language", "month", "returning"),
        *("bystanders", "referral_offered", "referral_accepted", "referral_arrived"),
        *("three_years", "reach"),
    } <= BOOK.figures.keys()
