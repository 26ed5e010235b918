"""An export of registrations is read as the table that figures count, a row a person."""

import csv
from pathlib import Path

import pytest

from havenlight.figures import reading, tabulation
from havenlight.figures.errors import RegistrationsRefused
from tests.unit.figures.counting import BOOK, CODEBOOK, victim

WANTED = tabulation.wanted(BOOK)


def export(path: Path, **changed: str) -> Path:
    """One person of two registrations, of whom the second says more, and another of one."""
    said = [{}, {"forms": ("criminal", "sexual")}, {"forms": ("sexual",)}]
    rows = []
    for person, answers in zip("112", (victim(**each) for each in said), strict=True):
        cells = {k: ";".join(v) if isinstance(v, tuple) else str(v) for k, v in answers.items()}
        head = {"simulated": "no", "person": person, "first_seen_on": "2021-02-03"}
        rows.append({**head, "conversations": "3", **cells, **changed})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_registrations_of_one_person_are_put_together(tmp_path: Path) -> None:
    made = reading.read(export(tmp_path / "r.csv"), CODEBOOK, WANTED)
    counted = tabulation.tabulate(BOOK, made, [2021])
    assert counted["victims", 2021].base == 2
    assert counted["forms", 2021].parts["criminal"] == 1
    assert counted["month", 2021].parts["02"] == 2
    assert counted["contacts", 2021].base == 6


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"conversations": "none"}, "row 2: conversations is no number"),
        ({"forms": "sexual;organs"}, "row 2: forms"),
        ({"person": ""}, "row 2: says no person"),
        ({"first_seen_on": "3-2-2021"}, "row 2: contacted_on has an answer"),
    ],
)
def test_a_slip_in_an_export_is_refused_with_its_row(
    tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    with pytest.raises(RegistrationsRefused, match=said):
        reading.read(export(tmp_path / "r.csv", **changed), CODEBOOK, WANTED)


@pytest.mark.parametrize(("package", "said"), [("{}", "no codebook"), ('{"codebook": "2000-1"}',
                         "not published")])  # fmt: skip
def test_its_codebook_is_that_of_the_package_beside_it(
    tmp_path: Path, package: str, said: str
) -> None:
    (tmp_path / "datapackage.json").write_text(package)
    with pytest.raises(RegistrationsRefused, match=said):
        reading.read(export(tmp_path / "r.csv"), CODEBOOK, WANTED)


def test_what_is_neither_is_told_which_file_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "htcds.csv").write_text("simulated,person,vic_Gender\n")
    with pytest.raises(RegistrationsRefused, match="registrations export"):
        reading.read(tmp_path / "htcds.csv", CODEBOOK, WANTED)
