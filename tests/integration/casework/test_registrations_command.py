"""What was imported is what was exported: files that others read, for a purpose, until a day."""

import json
import re
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from frictionless import Package

from havenlight.audit.models import Entry
from havenlight.casework import exporting, htcds, registrations
from havenlight.casework.errors import ImportRefused
from havenlight.casework.models import Case, Registration
from havenlight.team.models import Organisation

pytestmark = pytest.mark.django_db

ROWS = """person,first_seen_on,contact_kind,help_question,age,forms
1,2019-02-01,help,trafficking,15,sexual;criminal
1,2019-05-01,help,trafficking,15,sexual;criminal
2,2019-03-03,help,trafficking,unknown,'=forms
"""


@pytest.fixture(autouse=True)
def _data_dir(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    Organisation.objects.create(name="Havenlight", signing_key=bytes(65))


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("registrations", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def mapping(tmp_path: Path, more: str = "") -> str:
    path = tmp_path / "mapping.toml"
    columns = "\n".join(
        f'[columns.{name}]\nvariable = "{name}"'
        for name in ("contact_kind", "help_question", "age", "forms")
    )
    head = 'codebook = "2026-1"\nperson = "person"\ncontacted_on = "first_seen_on"\n'
    head += f"{more}\n"
    path.write_text(head + columns, encoding="utf-8")
    return str(path)


def test_all_is_imported_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "2019.csv"
    path.write_text(ROWS)
    for verb in ("check", "import"):
        with pytest.raises(ImportRefused, match="1 problem"):
            run(verb, str(path), "--mapping", mapping(tmp_path))
    assert not Case.objects.exists()
    path.write_text(ROWS.replace("'=forms", "sexual"))
    assert "2 persons would be" in run("check", str(path), "--mapping", mapping(tmp_path))
    assert not Case.objects.exists()
    assert "imported: 2" in run("import", str(path), "--mapping", mapping(tmp_path))
    persons = list(registrations.persons(2019, simulated=False))
    assert [person.first_seen_on for person in persons] == [date(2019, 2, 1), date(2019, 3, 3)]
    assert [person.answers["age"] for person in persons] == [15, "unknown"]
    assert all(person.is_about_trafficking for person in persons)


def test_a_simulated_year_that_was_imported_counts_as_it_was_published(tmp_path: Path) -> None:
    out = tmp_path / "2020"
    call_command("simulate", "--year", "2020", "--seed", "1", "--out", str(out), verbosity=0)
    run("import", str(out / "registrations.csv"), "--mapping", str(out / "mapping.toml"))
    told = run("export", "--year", "2020", "--purpose", "try", "--simulated")
    [directory] = map(Path, re.findall(r"written: (.*)", told))
    for table in ("registrations.csv", "htcds.csv"):
        header, *rows = (directory / table).read_text().splitlines()
        assert header.startswith("simulated,")
        assert all(row.startswith("yes,") for row in rows)
    with pytest.raises(ImportRefused, match="nothing was imported"):
        run("import", str(directory / "registrations.csv"))
    assert registrations.years(simulated=False) == []
    people = list(registrations.persons(2020, simulated=True))
    assert sum(person.is_about_trafficking for person in people) == 283
    assert sum(person.is_victim for person in people) == 250


def test_an_export_is_a_sound_package_that_can_be_imported_again(tmp_path: Path) -> None:
    path = tmp_path / "2019.csv"
    path.write_text(ROWS.replace("'=forms", "sexual"))
    run("import", str(path), "--mapping", mapping(tmp_path, "every_contact = true"))
    told = run("export", "--year", "2019", "--purpose", "yearly report")
    directory = Path(re.findall(r"written: (.*)", told)[0])
    assert directory.stat().st_mode & 0o077 == 0
    assert Package(str(directory / "datapackage.json")).validate().valid
    assert Entry.objects.filter(verb="exported", reason__contains="yearly report").exists()
    header, *rows = (directory / "htcds.csv").read_text().splitlines()
    assert set(header.split(",")[2:]) <= htcds.VALUES.keys()
    assert "SexualExploitation" in rows[0]
    before = list(Registration.objects.values_list("answers", flat=True))
    Case.objects.all().delete()
    assert "imported: 2" in run("import", str(directory / "registrations.csv"))
    assert list(Registration.objects.values_list("answers", flat=True)) == before
    again = registrations.persons(2019, simulated=False)
    assert [person.conversations for person in again] == [2, 1]


def test_an_export_goes_when_its_day_has_passed(tmp_path: Path) -> None:
    run("export", "--year", "2019", "--purpose", "try", "--days", "30")
    exports = tmp_path / "exports"
    today = timezone.localdate()
    assert exporting.erase_expired(exports, today) == 0
    package = next(exports.glob("*/datapackage.json"))
    assert json.loads(package.read_text())["purpose"] == "try"
    assert exporting.erase_expired(exports, today + timedelta(days=31)) == 1
    assert not list(exports.iterdir())
