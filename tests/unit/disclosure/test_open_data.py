"""Open data: what others read in is what was printed, and nothing else."""

import csv
import json

import frictionless
import numpy as np
import pytest

from havenlight.disclosure import Ledger, Rules, Table, Variable, protect
from havenlight.disclosure.open_data import About, Labels, file_name, files

AGE = Variable("age", ("12", "13-15", "16-17", "18+"), neighbours={"12": "13-15"})
AGAIN = Variable("again", ("yes", "no", "unknown"), absent=("unknown",))
LABELS = Labels("en", {"age": "Age", "2021/Age": "Victims by age"}, {"age": {"18+": "18 or over"}})
ABOUT = About("figures-2021", "Figures 2021", "2022-06-01")


@pytest.fixture
def package():
    both = np.array([[1, 1, 1], [20, 15, 5], [30, 20, 10], [20, 25, 5]])
    tables = [
        Table("2021/Age", "p", (AGE,), both.sum(axis=1)),
        Table("2021/again", "p", (AGAIN,), both.sum(axis=0)),
        Table("2021/age-again", "p", (AGE, AGAIN), both),
        Table("2021/few", "few", (AGAIN,), np.array([9, 9, 9])),
    ]
    return protect(tables, Rules(), Ledger()).tables


def test_frictionless_finds_every_file_valid(package, tmp_path):
    for name, content in files(package, LABELS, ABOUT).items():
        (tmp_path / name).write_bytes(content)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    assert {task.name for task in report.tasks} == {
        "codebook",
        "2021-age",
        "2021-again",
        "2021-age-again",
    }


def test_every_printed_cell_is_a_row_and_no_other_number_is_there(package):
    made = files(package, LABELS, ABOUT)
    for table in (one for one in package if one.withheld is None):
        rows = list(csv.DictReader(made[f"{file_name(table)}.csv"].decode().splitlines()))
        printed = [("" if cell.value is None else str(cell.value)) for cell in table.cells]
        assert [row["count"] for row in rows] == printed
    assert not any("few" in name for name in made)


def test_json_stat_has_a_value_for_every_combination_and_says_how_it_is_shown(package):
    held = json.loads(files(package, LABELS, ABOUT)["2021-age-again.json"])
    assert (held["version"], held["class"], held["size"]) == ("2.0", "dataset", [5, 4])
    assert len(held["value"]) == len(held["status"]) == 20
    assert set(held["status"]) == {"rounded"}
    labels = held["dimension"]["age"]["category"]["label"]
    assert (labels["18+"], labels["12"]) == ("18 or over", "12")


def test_what_is_not_printed_is_null_and_never_zero(package):
    held = json.loads(files(package, LABELS, ABOUT)["2021-age.json"])
    merged = dict(zip(held["dimension"]["age"]["category"]["index"], held["value"], strict=True))
    assert merged == {"12+13-15": 43, "16-17": 60, "18+": 50, "_all": 153}
