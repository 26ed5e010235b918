"""Counted from the database, a year says the same as counted from its file."""

from pathlib import Path

import pytest
from django.core.management import call_command

from havenlight.casework import versions
from havenlight.figures import defining, from_cases, reading, tabulation

pytestmark = pytest.mark.django_db


def test_database_and_file_give_the_same_counts(tmp_path: Path) -> None:
    book, codebook = defining.newest(), versions.newest()
    wanted = tabulation.wanted(book)
    call_command("simulate", "--year", "2021", "--database", verbosity=0)
    call_command("simulate", "--year", "2021", "--out", str(tmp_path), verbosity=0)
    stored = from_cases.read(codebook, wanted, [2021], simulated=True)
    in_file = reading.read(tmp_path / "registrations.csv", codebook, wanted)
    from_store = tabulation.tabulate(book, stored, [2021])
    from_file = tabulation.tabulate(book, in_file, [2021])
    assert from_store == {key: from_file[key] for key in from_store}
    assert from_store["victims", 2021].base == 285
    assert from_file.keys() - from_store.keys() == {("contacts", 2021), ("returning", 2021)}
