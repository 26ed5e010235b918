"""The commands an administrator types, and the page made from the codebook."""

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from havenlight.casework import versions
from havenlight.casework.errors import CodebookRefused
from tests.unit.casework.books import code, content, variable
from tools.codebook_page import PAGE, page

COLOUR = variable("colour", "one", code("red"), code("blue"))


def said(*words: str) -> str:
    """What a command prints."""
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def book(directory: Path, name: str, *variables: str) -> str:
    """The path of a codebook in a file."""
    path = directory / f"{name}.toml"
    path.write_bytes(content(*variables, version=name))
    return str(path)


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "Vormen van uitbuiting"), ("en", "Forms of exploitation")],
)
def test_show_prints_every_variable_in_one_language(language: str, words: str) -> None:
    shown = said("codebook", "show", "--language", language)
    assert words in shown
    for each in versions.codebook("2026-1").variables.values():
        assert re.search(rf"^  {each.key}: ", shown, re.MULTILINE)
        assert each.help.in_language(language) in shown


def test_show_prints_the_version_or_file_that_is_named(tmp_path: Path) -> None:
    assert said("codebook", "show", "2026-1") == said("codebook", "show")
    assert "  colour: Name" in said("codebook", "show", book(tmp_path, "1", COLOUR))


def test_check_names_what_is_sound(tmp_path: Path) -> None:
    assert said("codebook", "check") == "2026-1: sound\n"
    assert said("codebook", "check", book(tmp_path, "7", COLOUR)).endswith("7: sound\n")


def test_check_refuses_a_file_by_name_variable_and_reason(tmp_path: Path) -> None:
    with pytest.raises(CodebookRefused, match=r"7\.toml: colour: stands in the file twice"):
        said("codebook", "check", book(tmp_path, "7", COLOUR, COLOUR))
    with pytest.raises(CodebookRefused, match="cannot be read"):
        said("codebook", "check", str(tmp_path / "none.toml"))


def test_diff_names_what_was_added_removed_and_altered(tmp_path: Path) -> None:
    altered = variable("colour", "one", code("red"), code("green"), publish='"never"')
    old = book(tmp_path, "1", COLOUR, variable("day", "date"))
    new = book(tmp_path, "2", altered)
    assert said("codebook", "diff", old, new).splitlines() == [
        "From 1 to 2:",
        "  removed: day",
        "  altered: colour (publish)",
        "  removed: colour.blue",
        "  added: colour.green",
    ]
    assert said("codebook", "diff", old, old) == "Nothing differs between 1 and 1.\n"


def test_diff_speaks_dutch(tmp_path: Path) -> None:
    old, new = book(tmp_path, "1", COLOUR), book(tmp_path, "2", COLOUR, variable("day", "date"))
    assert said("codebook", "diff", old, new, "--language", "nl").splitlines() == [
        "Van 1 naar 2:",
        "  toegevoegd: day",
    ]


def test_simulate_writes_the_years_it_is_given(tmp_path: Path) -> None:
    out = tmp_path / "made"
    said("simulate", "--year", "2021", "2020", "--seed", "3", "--out", str(out))
    rows = (out / "registrations.csv").read_text(encoding="utf-8").splitlines()
    assert {row.split(",")[1][:5] for row in rows[1:]} == {"S2020", "S2021"}


def test_the_page_of_the_codebook_is_up_to_date_and_holds_every_code() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "tools.codebook_page", "--check"], check=False, capture_output=True
    )
    assert (checked.returncode, checked.stderr) == (0, b"")
    book = versions.codebook("2026-1")
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(book)
    for each in book.variables.values():
        assert f"### `{each.key}`" in written
        assert all(f"| `{code.code}` |" in written for code in each.codes)
