"""Made-up persons for researchers: refused for a year, described by Frictionless, never a copy."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from frictionless import Package

from havenlight.disclosure.synthesis import TooFewPersons
from havenlight.figures import reading, tabulation
from havenlight.figures.columns import Registrations
from havenlight.report import budget, microdata, recipes
from havenlight.report.budget import Spent
from havenlight.report.errors import BudgetSpent, EditionRefused
from havenlight.report.recipes import VARIABLES, Recipe
from tests.unit.figures import counting
from tests.unit.figures.counting import victim

RECIPE = Recipe((2021,), VARIABLES, 1.0, simulated=False)
WANTED = tuple(dict.fromkeys((*tabulation.wanted(counting.BOOK), *VARIABLES)))


@pytest.fixture(scope="module")
def victims(tmp_path_factory: pytest.TempPathFactory) -> Registrations:
    rows = [victim(gender="female", age=age) for age in (13, 16, 20)]
    path = counting.write(tmp_path_factory.mktemp("rows") / "registrations.csv", rows)
    return reading.read(path, counting.CODEBOOK, WANTED)


def many(victims: Registrations, times: int) -> Registrations:
    return replace(
        victims,
        years=np.tile(victims.years, times),
        months=np.tile(victims.months, times),
        answers={key: np.tile(each, times) for key, each in victims.answers.items()},
    )


def test_a_file_of_made_up_persons_keeps_to_its_descriptor_and_says_what_it_is_not(
    victims: Registrations, tmp_path: Path
) -> None:
    made = microdata.made_up(counting.BOOK, many(victims, 400), RECIPE)
    for name, content in microdata.files(made, RECIPE, {2021: 2.5}).items():
        (tmp_path / name).write_bytes(content)
    assert Package(str(tmp_path / "datapackage.json")).validate().valid
    readme = (tmp_path / "README.txt").read_text("utf-8")
    assert "These persons do not exist" in readme
    assert "spent in all: 2.5 on those of 2021" in readme
    assert len((tmp_path / "utility.csv").read_text("utf-8").splitlines()) == 1 + 6 + 15
    assert 900 < len(made.codes) < 1500
    bands = {row["age_band"] for row in made.rows()}
    assert {"13_15", "16_17", "18_22"} <= bands


def test_fewer_than_a_thousand_are_refused_with_the_reason(victims: Registrations) -> None:
    with pytest.raises(TooFewPersons, match="pool years"):
        microdata.made_up(counting.BOOK, many(victims, 95), RECIPE)
    with pytest.raises(TooFewPersons):
        microdata.made_up(counting.BOOK, many(victims, 400), replace(RECIPE, years=(2020,)))


@pytest.mark.parametrize("key", ["forms", "age", "campaign", "nothing"])
def test_only_publishable_variables_of_one_answer_are_in_it(key: str) -> None:
    with pytest.raises(EditionRefused, match=key):
        recipes.check(replace(RECIPE, variables=("gender", key)), counting.CODEBOOK)


def test_the_command_refuses_a_single_year_and_leaves_nothing(tmp_path: Path) -> None:
    path = counting.write(tmp_path / "registrations.csv", [victim() for _ in range(9)])
    with pytest.raises(EditionRefused, match="9 persons"):
        synthesised(path, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_files_from_registrations_are_on_an_account_that_ends(tmp_path: Path) -> None:
    path = counting.write(tmp_path / "registrations.csv", [victim() for _ in range(9)])
    account = tmp_path / "account.json"
    with pytest.raises(EditionRefused, match="add up: give --account"):
        call_command("synthesise", "--years", "2021", "--registrations", path, "--out", tmp_path)
    budget.write(account, [Spent((2020, 2021), 2.0), Spent((2021,), 0.5)])
    with pytest.raises(BudgetSpent, match=r"2\.5 of 3 .* 2021"):
        synthesised(path, tmp_path)
    account.write_text("{}")
    with pytest.raises(EditionRefused, match="no account"):
        synthesised(path, tmp_path)
    assert not (tmp_path / "out").exists()


def synthesised(path: Path, directory: Path) -> None:
    places = {"account": directory / "account.json", "out": directory / "out"}
    call_command("synthesise", years=[2021], registrations=path, **places)


def test_what_files_cost_adds_up_for_whoever_is_in_several() -> None:
    files = [Spent((2019, 2020, 2021), 1.0), Spent((2021, 2022), 0.5), Spent((2022,), 0.5)]
    assert budget.by_year(files) == {2019: 1.0, 2020: 1.0, 2021: 1.5, 2022: 1.0}
    assert budget.check(files, Spent((2022, 2023), 2.0)) == {2022: 3.0, 2023: 2.0}
    with pytest.raises(BudgetSpent, match="2021"):
        budget.check(files, Spent((2020, 2021), 1.6))
    tenths = [Spent((2021,), 0.1)] * 29
    assert budget.check(tenths, Spent((2021,), 0.1))[2021] == pytest.approx(3.0)
