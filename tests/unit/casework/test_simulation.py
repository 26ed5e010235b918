"""The simulated years say what was published, in both units, and say that they are simulated."""

import csv
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from havenlight.casework import versions
from havenlight.casework.answers import checked
from havenlight.casework.codebook import Answers
from havenlight.casework.errors import SimulationRefused
from havenlight.casework.questions import questions
from havenlight.casework.simulate import Case, simulate
from havenlight.casework.simulation import tables
from havenlight.casework.simulation.draws import Draw
from havenlight.casework.simulation.targets import YEARS

BOOK = versions.codebook("2026-1")
VECTORS = Path(__file__).parents[2] / "vectors/published-figures.csv"
with VECTORS.open(encoding="utf-8", newline="") as file:
    PUBLISHED = list(csv.DictReader(file))

SEEDS = (1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 12)))
PARENTS = {"father", "mother", "step_or_foster_parent"}


@cache
def cases(year: int, seed: int) -> tuple[Case, ...]:
    return simulate(year, seed, BOOK)


def in_view(year: int, seed: int) -> list[Answers]:
    """Unique visitors about trafficking."""
    registrations = [case.answers for case in cases(year, seed)]
    return [each for each in registrations if "trafficking" in each["help_question"]]  # type: ignore[operator]


def victims(year: int, seed: int) -> list[Answers]:
    return [each for each in in_view(year, seed) if each["role"] == "victim"]


def share(
    of: list[Answers], variable: str, counts: Callable[[Answers], bool], absent: str = "unknown"
) -> float:
    """Among those whose answer is known."""
    known = [each for each in of if each[variable] != absent]
    return sum(map(counts, known)) / len(known)


def of_victims(variable: str, counts: Callable[[Answers], bool]) -> Callable[[int, int], float]:
    return lambda year, seed: share(victims(year, seed), variable, counts)


def holds(variable: str, *codes: str) -> Callable[[Answers], bool]:
    return lambda each: not set(codes).isdisjoint(_codes(each[variable]))


def _codes(answer: object) -> tuple[object, ...]:
    return answer if isinstance(answer, tuple) else (answer,)


def below(variable: str, limit: int) -> Callable[[Answers], bool]:
    return lambda each: each[variable] < limit  # type: ignore[operator]


def reach(year: int, seed: int) -> float:
    girls = [each for each in victims(year, seed) if holds("gender", "female")(each)]
    young = [each for each in girls if holds("age_band", "12_and_under", "13_15", "16_17")(each)]
    estimate = next(row["value"] for row in PUBLISHED if row["figure"] == "population_minor_girls")
    return sum(map(holds("forms", "sexual"), young)) / int(estimate)


def parents_over_two_years(year: int, seed: int) -> float:
    by_parents = [each for each in victims(year, seed) if holds("relation", *PARENTS)(each)]
    long = holds("duration_band", "2_to_5_years", "5_years_and_over")
    return share(by_parents, "duration_band", long)


FIGURES: dict[str, Callable[[int, int], float]] = {
    "persons_in_view": lambda year, seed: len(in_view(year, seed)),
    "unit_not_stated": lambda year, seed: len(in_view(year, seed)),
    "victims": lambda year, seed: len(victims(year, seed)),
    "contacted_for_self": lambda year, seed: share(
        in_view(year, seed), "role", holds("role", "victim")
    ),
    "growth": lambda year, seed: len(victims(year, seed)) / len(victims(year - 1, seed)) - 1,
    "age_15_or_younger": of_victims("age", below("age", 16)),
    "younger_than_15": of_victims("age", below("age", 15)),
    "minor": of_victims("age_band", holds("age_band", "12_and_under", "13_15", "16_17")),
    "girls": of_victims("gender", holds("gender", "female")),
    "sexual_exploitation": of_victims("forms", holds("forms", "sexual")),
    "criminal_exploitation": of_victims("forms", holds("forms", "criminal")),
    "exploited_over_one_year": of_victims(
        "duration_band", holds("duration_band", "1_to_2_years", "2_to_5_years", "5_years_and_over")
    ),
    "exploited_five_years_or_up_to": of_victims(
        "duration_band", holds("duration_band", "5_years_and_over")
    ),
    "still_exploited": of_victims("still_going_on", holds("still_going_on", "yes")),
    "first_disclosure": of_victims("first_disclosure", holds("first_disclosure", "yes")),
    "parent_perpetrator": of_victims("relation", holds("relation", *PARENTS)),
    "several_perpetrators": of_victims("perpetrators", holds("perpetrators", "several")),
    "parent_case_over_two_years": parents_over_two_years,
    "reach_minor_girls": reach,
}

WITHOUT_VARIABLE = {
    "known_to_authorities": "a share of the estimated girls, as the authorities counted them",
    "population_minor_girls": "an estimate from outside; reach divides by it",
}


def test_every_published_figure_is_compared_or_said_to_have_no_variable() -> None:
    assert {row["figure"] for row in PUBLISHED} == FIGURES.keys() | WITHOUT_VARIABLE.keys()
    assert FIGURES.keys().isdisjoint(WITHOUT_VARIABLE)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "row",
    [row for row in PUBLISHED if row["figure"] in FIGURES],
    ids=lambda row: f"{row['year']}-{row['figure']}",
)
def test_a_simulated_year_says_what_was_published(row: dict[str, str], seed: int) -> None:
    year, published = int(row["year"]), float(row["value"])
    simulated = FIGURES[row["figure"]](year, seed)
    if row["unit"] == "persons" and row["figure"] == "sexual_exploitation":
        simulated *= len(victims(year, seed))
    if row["unit"] == "share_at_least":
        assert simulated > published
    elif row["unit"] == "persons":
        assert simulated == published
    else:
        decimals = len(row["value"].partition(".")[2])
        assert abs(simulated - published) <= 0.5 * 10**-decimals


def test_the_two_units_of_three_years_are_those_published() -> None:
    counts = [(len(in_view(year, 1)), len(victims(year, 1))) for year in (2019, 2020, 2021)]
    assert counts == [(299, 266), (283, 250), (314, 285)]


@pytest.mark.parametrize("year", YEARS)
def test_every_registration_is_finished_and_free_of_contradictions(year: int) -> None:
    for case in cases(year, 1):
        assert list(checked(BOOK, case.answers)) == list(BOOK.variables)
        assert questions(BOOK, case.answers) == ()
        assert case.contacted_on[0] == case.answers["contacted_on"]
        assert {day.year for day in case.contacted_on} == {year}


def test_what_belongs_together_in_life_does_so_here() -> None:
    everyone = [each for year in YEARS for each in victims(year, 1)]
    by_parents = [each for each in everyone if holds("relation", *PARENTS)(each)]
    girls = [each for each in everyone if each["gender"] == "female"]
    boys = [each for each in everyone if each["gender"] == "male"]
    long = holds("duration_band", "2_to_5_years", "5_years_and_over")
    sexual = holds("forms", "sexual")
    assert share(by_parents, "duration_band", long) > share(everyone, "duration_band", long)
    assert share(girls, "forms", sexual) > share(boys, "forms", sexual)
    assert share(by_parents, "age", below("age", 16)) > share(everyone, "age", below("age", 16))


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    made = {"a": cases(2020, 1), "b": simulate(2020, 1, BOOK), "c": simulate(2020, 2, BOOK)}
    for seed, name in zip((1, 1, 2), "abc", strict=True):
        tables.write(tmp_path / name, made[name], BOOK, seed)
    for file in ("contacts.csv", "registrations.csv", "datapackage.json"):
        first, second, other = ((tmp_path / name / file).read_bytes() for name in "abc")
        assert first == second
        assert first != other


def test_every_table_says_it_is_simulated_and_keeps_to_its_descriptor(tmp_path: Path) -> None:
    tables.write(tmp_path, cases(2021, 1), BOOK, 1)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert package["simulated"] is True
    assert package["description"].startswith("SIMULATED")
    for resource in package["resources"]:
        with (tmp_path / resource["path"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        fields = resource["schema"]["fields"]
        assert list(rows[0]) == [field["name"] for field in fields]
        assert {row["simulated"] for row in rows} == {"yes"}
        assert len({row[resource["schema"]["primaryKey"]] for row in rows}) == len(rows)
        for field in fields:
            pattern = field.get("constraints", {}).get("pattern", ".+")
            assert all(re.fullmatch(pattern, row[field["name"]]) for row in rows)


def test_a_table_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text("real", encoding="utf-8")
    with pytest.raises(SimulationRefused, match=r"contacts\.csv is there already"):
        tables.write(tmp_path, cases(2021, 1), BOOK, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["contacts.csv"]


def test_a_year_of_which_nothing_was_published_is_refused() -> None:
    with pytest.raises(SimulationRefused, match="nothing was published of 2017"):
        simulate(2017, 1, BOOK)


def test_no_more_can_be_picked_than_there_are() -> None:
    with pytest.raises(ValueError, match="3 to pick, and only 2 can be"):
        Draw("test").pick([1, 2, 3], 3, lambda each: each - 1)
