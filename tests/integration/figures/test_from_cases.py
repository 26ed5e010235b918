"""Counted from the database, a year says the same as counted from its file."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from havenlight.casework import versions
from havenlight.disclosure import Rules
from havenlight.figures import defining, from_cases, reading, tabulation
from havenlight.report.freezing import About, freeze
from tests.integration.organisation import make_organisation

pytestmark = pytest.mark.django_db


def test_database_file_and_export_give_the_same_counts(tmp_path: Path, settings: object) -> None:
    book, codebook = defining.newest(), versions.newest()
    wanted = tabulation.wanted(book)
    call_command("simulate", "--year", "2021", "--database", verbosity=0)
    call_command("simulate", "--year", "2021", "--out", str(tmp_path), verbosity=0)
    stored = from_cases.read(codebook, wanted, [2021], simulated=True)
    in_file = reading.read(tmp_path / "registrations.csv", codebook, wanted)
    settings.DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]
    make_organisation()
    call_command("registrations", "export", "--year", "2021", "--purpose", "report", "--simulated",
                 stdout=io.StringIO())  # fmt: skip
    export = next(tmp_path.glob("data/exports/*/registrations.csv"))
    in_export = reading.read(export, codebook, wanted)
    from_store = tabulation.tabulate(book, stored, [2021])
    assert from_store == tabulation.tabulate(book, in_file, [2021])
    assert from_store["victims", 2021].base == 285
    assert from_store["contacts", 2021].base > from_store["visitors", 2021].base
    assert from_store["returning", 2021].absent == {}
    # What comes out of control is the same to the byte.
    about = About("Havenlight", "112", "", date(2022, 1, 1), Rules(seed=1))
    editions = [freeze(book, each, 2021, about).edition for each in (stored, in_file, in_export)]
    assert len({each.to_json() for each in editions}) == 1
