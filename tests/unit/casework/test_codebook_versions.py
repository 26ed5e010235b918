"""What is published never changes, and what it holds is complete."""

from pathlib import Path

import pytest

from havenlight.casework import versions
from havenlight.casework.codebook import Kind, Publish
from havenlight.casework.errors import CodebookRefused
from tests.unit.casework.books import code, content, publish, variable

BOOK = content(variable("a", "one", code("b")), version="1")


def test_every_shipped_codebook_is_published_and_unchanged() -> None:
    shipped = {
        path.name.removesuffix(".toml")
        for path in versions.SHIPPED.iterdir()
        if path.name.endswith(".toml") and "--" not in path.name
    }
    assert set(versions.check_published()) == shipped - {"published"}


def test_the_first_codebook_has_the_bytes_it_was_published_with() -> None:
    # Here and not only in published.toml, so that the file and its hash cannot change together.
    assert (
        versions.published_hashes()["2026-1"]
        == "3d9746e3a0fcea11e7c9917f17e27097c4d930ba0026b2f210c3ae007a213984"
    )


def test_one_changed_byte_is_refused(tmp_path: Path) -> None:
    publish(tmp_path, **{"1": BOOK})
    assert versions.check_published(tmp_path) == ("1",)
    (tmp_path / "1.toml").write_bytes(BOOK + b"\n")
    with pytest.raises(CodebookRefused, match=r"1\.toml: the file: was changed after"):
        versions.codebook("1", tmp_path)


def test_a_version_that_was_never_published_is_refused(tmp_path: Path) -> None:
    publish(tmp_path, **{"1": BOOK})
    with pytest.raises(CodebookRefused, match="not in published"):
        versions.codebook("2", tmp_path)


def test_a_file_that_says_another_version_is_refused(tmp_path: Path) -> None:
    publish(tmp_path, **{"2": BOOK})
    with pytest.raises(CodebookRefused, match="is 1, not 2"):
        versions.codebook("2", tmp_path)


def test_a_published_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    publish(tmp_path, **{"1": BOOK})
    (tmp_path / "1.toml").unlink()
    with pytest.raises(CodebookRefused, match="cannot be read"):
        versions.check_published(tmp_path)


def test_a_new_version_comes_with_a_map_from_the_old(tmp_path: Path) -> None:
    later = content(variable("a", "one", code("c")), version="2")
    publish(tmp_path, **{"1": BOOK, "2": later})
    with pytest.raises(CodebookRefused, match=r"1--2\.toml: the file: is missing: write what"):
        versions.check_published(tmp_path)
    (tmp_path / "1--2.toml").write_text('[variables.a]\ncodes = { b = "c" }\n', encoding="utf-8")
    assert versions.check_published(tmp_path) == ("1", "2")
    assert versions.newest(tmp_path).version == "2"


def test_the_age_groups_are_the_closed_ones_of_the_reports() -> None:
    bands = versions.codebook("2026-1").variables["age_band"].codes
    assert [(code.at_least, code.at_most) for code in bands] == [
        (0, 12),
        (13, 15),
        (16, 17),
        (18, 22),
        (23, 120),
    ]


def test_exact_ages_and_months_are_never_published() -> None:
    book = versions.codebook("2026-1")
    exact = [each for each in book.variables.values() if each.kind in {Kind.NUMBER, Kind.MONTHS}]
    assert {each.publish for each in exact} == {Publish.NEVER}


def test_a_contact_without_a_question_for_help_asks_for_nothing_about_a_person() -> None:
    book = versions.codebook("2026-1")
    always = [each.key for each in book.variables.values() if not each.asked_when]
    assert always == ["contacted_on", "channel", "campaign", "language", "contact_kind"]
