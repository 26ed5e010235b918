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
from havenlight.report import microdata
from havenlight.report.errors import EditionRefused
from tests.unit.figures import counting
from tests.unit.figures.counting import victim

WANTED = tuple(dict.fromkeys((*tabulation.wanted(counting.BOOK), *microdata.VARIABLES)))


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
    made = microdata.made_up(counting.BOOK, many(victims, 400), [2021])
    for name, content in microdata.files(made, [2021]).items():
        (tmp_path / name).write_bytes(content)
    assert Package(str(tmp_path / "datapackage.json")).validate().valid
    assert "These persons do not exist" in (tmp_path / "README.txt").read_text("utf-8")
    assert len((tmp_path / "utility.csv").read_text("utf-8").splitlines()) == 1 + 6 + 15
    assert len(made.codes) == 1200
    bands = {row["age_band"] for row in made.rows()}
    assert {"13_15", "16_17", "18_22"} <= bands


def test_fewer_than_a_thousand_are_refused_with_the_reason(victims: Registrations) -> None:
    with pytest.raises(TooFewPersons, match="pool years"):
        microdata.made_up(counting.BOOK, many(victims, 95), [2021])
    with pytest.raises(TooFewPersons):
        microdata.made_up(counting.BOOK, many(victims, 400), [2020])


@pytest.mark.parametrize("key", ["forms", "age", "campaign", "nothing"])
def test_only_publishable_variables_of_one_answer_are_in_it(
    victims: Registrations, key: str
) -> None:
    with pytest.raises(EditionRefused, match=key):
        microdata.made_up(counting.BOOK, victims, [2021], ["gender", key])


def test_the_command_refuses_a_single_year_and_leaves_nothing(tmp_path: Path) -> None:
    path = counting.write(tmp_path / "registrations.csv", [victim() for _ in range(9)])
    out = tmp_path / "out"
    with pytest.raises(EditionRefused, match="9 persons"):
        call_command("synthesise", "--years", "2021", "--registrations", path, "--out", out)
    assert not out.exists()
