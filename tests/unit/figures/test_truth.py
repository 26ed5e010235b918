"""On the simulated years every published figure with a definition comes out as published."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from havenlight.figures.tabulation import Counted
from tests.unit.figures import counting

VECTORS = Path(__file__).parents[2] / "vectors/published-figures.csv"
with VECTORS.open(encoding="utf-8", newline="") as file:
    PUBLISHED = [row for row in csv.DictReader(file) if row["year"] != "2018"]

NAMED_OTHERWISE = {"persons_in_view": "visitors", "reach_minor_girls": "reach"}
WITHOUT_DEFINITION = {
    "known_to_authorities": "a share of the estimated girls, as the authorities counted them",
    "population_minor_girls": "an estimate from outside, which reach divides by",
}

Counts = Mapping[tuple[str, int], Counted]


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> Counts:
    return counting.counted(tmp_path_factory.mktemp("simulated"), 2019, 2020, 2021)


def test_a_published_figure_has_a_definition_or_a_reason_why_not() -> None:
    published = {row["figure"] for row in PUBLISHED} - WITHOUT_DEFINITION.keys()
    assert {NAMED_OTHERWISE.get(name, name) for name in published} <= counting.BOOK.figures.keys()
    assert WITHOUT_DEFINITION.keys().isdisjoint(counting.BOOK.figures)


def value(counts: Counts, name: str, year: int, unit: str) -> float:
    counted = counts[name, year]
    if name == "growth":
        return counted.base / counts[name, year - 1].base - 1
    if name == "reach":
        return counted.base / counting.BOOK.externals["minor_girls"].estimate
    if not counted.parts:
        return counted.base
    share = counted.share(name)
    assert share is not None
    # 265 of all 266 victims were published: the share among those known, of all of them.
    return share * counts["victims", year].base if unit == "persons" else share


@pytest.mark.parametrize(
    "row",
    [row for row in PUBLISHED if row["figure"] not in WITHOUT_DEFINITION],
    ids=lambda row: f"{row['year']}-{row['figure']}",
)
def test_a_figure_comes_out_as_published(counts: Counts, row: dict[str, str]) -> None:
    name = NAMED_OTHERWISE.get(row["figure"], row["figure"])
    found, published = value(counts, name, int(row["year"]), row["unit"]), float(row["value"])
    if row["unit"] == "share_at_least":
        assert found > published
    elif row["unit"] == "persons":
        assert found == published
    else:
        decimals = len(row["value"].partition(".")[2])
        assert abs(found - published) <= 0.5 * 10**-decimals


def test_both_units_and_three_years_are_as_published(counts: Counts) -> None:
    years = (2019, 2020, 2021)
    assert [counts["visitors", year].base for year in years] == [299, 283, 314]
    assert [counts["bystanders", year].base for year in years] == [33, 33, 29]
    victims = [counts["victims", year].base for year in years]
    assert victims == [266, 250, 285]
    assert sum(victims) == 801
