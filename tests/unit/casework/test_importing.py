"""Every problem of a spreadsheet is told by row and column, and what fits is read."""

import csv
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from havenlight.casework import importing
from havenlight.casework.errors import ImportRefused, MappingRefused
from havenlight.casework.mapping import read_mapping
from havenlight.casework.problems import TOLD, Problem, write_all
from havenlight.casework.taking_in import NewCase, NewContact

MAPPING = """
codebook = "2026-1"
contacted_on = "Datum"
person = "Nummer"
delimiter = ";"
date_format = "%d-%m-%Y"
separator = ","
[columns.Leeftijd]
variable = "age"
[columns.Vorm]
variable = "forms"
codes = { seks = "sexual", drugs = "criminal", "?" = "unknown" }
[fixed]
contact_kind = "help"
help_question = ["trafficking"]
"""
HEADER = "Nummer;Datum;Leeftijd;Vorm\n"


def read(
    tmp_path: Path, content: bytes | str, mapping: str = MAPPING
) -> tuple[list[NewCase], list[Problem]]:
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    raw = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "years.csv").write_bytes(raw)
    found = importing.read(tmp_path / "years.csv", read_mapping(tmp_path / "mapping.toml"))
    return list(found.cases()), found.problems.first


def test_contacts_of_one_person_become_one_case(tmp_path: Path) -> None:
    rows = "7;02-03-2019;15;seks, drugs\n7;01-02-2019;15;seks, drugs\n8;03-03-2019;;?\n"
    cases, problems = read(tmp_path, HEADER + rows)
    assert problems == []
    # Nothing says that these are all of their conversations.
    assert [case.contacts for case in cases] == [
        (NewContact(date(2019, 3, 2)), NewContact(date(2019, 2, 1))),
        (NewContact(date(2019, 3, 3)),),
    ]
    assert cases[0].answers["forms"] == ("sexual", "criminal")
    assert cases[0].answers["age"] == 15
    assert cases[1].answers["age"] == "not_asked"
    assert cases[1].answers["forms"] == "unknown"


def test_how_often_a_person_came_is_what_the_mapping_says_it_is(tmp_path: Path) -> None:
    rows = "7;02-03-2019;;;3\n7;01-02-2019;;;3\n8;03-03-2019;;;unknown\n"
    header = HEADER.replace("Vorm", "Vorm;Vaak")
    cases, _ = read(tmp_path, header + rows, 'conversations = "Vaak"' + MAPPING)
    assert [case.contacts for case in cases] == [
        (NewContact(date(2019, 2, 1), 3),),
        (NewContact(date(2019, 3, 3)),),
    ]
    cases, _ = read(tmp_path, header + rows, "every_contact = true" + MAPPING)
    assert [one.conversations for case in cases for one in case.contacts] == [1, 1, 1]
    bad = rows.replace("3\n7", "2\n7").replace("unknown", "0")
    _, problems = read(tmp_path, header + bad, 'conversations = "Vaak"' + MAPPING)
    assert [(problem.row, problem.column) for problem in problems] == [(3, "Nummer"), (4, "Vaak")]
    with pytest.raises(MappingRefused, match="one of them counts"):
        read(tmp_path, "", 'every_contact = true\nconversations = "Vaak"' + MAPPING)


def test_every_problem_is_told_where_it_is_and_without_what_it_says(tmp_path: Path) -> None:
    rows = "1;31-02-2019;15;seks\n2;01-02-2019;oud;seks\n3;01-02-2019;15;geheim\n4;01-02-2019\n"
    _, problems = read(tmp_path, HEADER + rows + "5;01-02-2999;15;seks\n6;1-1-1019;15;seks\n")
    where = {(problem.row, problem.column) for problem in problems}
    days = {(row, "Datum") for row in (2, 6, 7)}
    assert where == {(3, "Leeftijd"), (4, "Vorm"), (5, ""), *days}
    assert not any("geheim" in str(problem) or "oud" in str(problem) for problem in problems)


def test_one_person_with_two_stories_is_asked_about(tmp_path: Path) -> None:
    _, problems = read(tmp_path, HEADER + "1;01-02-2019;15;seks\n1;02-02-2019;16;seks\n")
    assert problems == [Problem(3, "Nummer", "is the person of row 2, with other answers")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ((HEADER + "1;01-02-2019;15;café\n").encode("cp1252"), "cp1252"),
        ((HEADER + "1;01-02-2019;15;seks\n").encode("utf-16"), "utf-16"),
        (HEADER.encode() + b"1;01-02-2019;15;se\0ks\n", "NUL"),
        (b"Nummer;Leeftijd;Vorm\n", "is not in the header"),
        (b'Nummer;Datum;Leeftijd;Vorm\n1;"01-02-2019;15;seks\n', "is no CSV"),
        (b"", "is not in the header"),
    ],
)
def test_a_file_of_another_kind_says_what_to_do(tmp_path: Path, content: bytes, told: str) -> None:
    cases, problems = read(tmp_path, content)
    assert cases == []
    assert told in str(problems[0])


def test_a_file_over_its_limits_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = HEADER + "1;01-02-2019;15;seks\n" * 4
    monkeypatch.setattr(importing, "MOST_ROWS", 3)
    _, problems = read(tmp_path, rows)
    assert problems == [Problem(5, "", "is over 3 rows; split the file by year")]
    monkeypatch.setattr(importing, "MOST_BYTES", len(rows) - 1)
    _, problems = read(tmp_path, rows)
    assert [str(problem) for problem in problems] == [
        "the file is over 0 MB; split the file by year"
    ]


def test_of_very_many_problems_the_first_are_told_and_all_of_them_written(tmp_path: Path) -> None:
    mapping = MAPPING.replace("Leeftijd", '"=Leeftijd"')
    read(
        tmp_path,
        HEADER.replace("Leeftijd", "=Leeftijd") + "1;01-02-2019;oud;geheim\n" * 200,
        mapping,
    )
    every = tmp_path / "problems.csv"
    found = importing.read(
        tmp_path / "years.csv", read_mapping(tmp_path / "mapping.toml"), partial(write_all, every)
    )
    assert len(found.problems) == 400
    told = list(found.problems.told())
    assert (told[0], told[-2:]) == (
        "row 2, =Leeftijd: age must be a whole number, or an absence",
        ["  =Leeftijd: 200", "  Vorm: 200"],
    )
    assert len(told) == TOLD + 3
    with every.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[-1] == {"row": "201", "column": "Vorm", "reason": "forms has no such code"}
    assert rows[0]["column"] == "'=Leeftijd"
    with pytest.raises(ImportRefused, match="cannot be written"):
        list(write_all(every, []))


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (MAPPING.replace('"sexual"', '"seksueel"'), "no code of forms"),
        (MAPPING.replace('variable = "age"', 'variable = "leeftijd"'), "no variable"),
        (MAPPING.replace("delimiter", "delimeter"), "not known"),
        (MAPPING.replace('contacted_on = "Datum"', ""), "contacted_on"),
        ("codebook = ", "is not TOML"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(tmp_path: Path, mapping: str, told: str) -> None:
    with pytest.raises(MappingRefused, match=told):
        read(tmp_path, HEADER, mapping)
