"""`havenlight attack`: anyone may try a ledger."""

import pytest

from havenlight.disclosure import Ledger, Variable
from havenlight.disclosure.cli import attack_command

LEDGER = Ledger().with_variable(Variable("age", ("child", "adult"))).with_count("t", "p", 9, 9)


@pytest.fixture
def file(tmp_path):
    def write(ledger: Ledger) -> str:
        (tmp_path / "ledger.json").write_text(ledger.to_json())
        return str(tmp_path / "ledger.json")

    return write


def test_a_safe_ledger_says_so(file, capsys):
    assert attack_command([file(LEDGER)]) == 0
    assert capsys.readouterr().out == "nothing is found\n"


def test_what_is_found_is_told_with_its_sources(file, capsys):
    broken = LEDGER.with_count("press", "p", 7, 7, {"age": ("adult",)})
    assert attack_command([file(broken)]) == 1
    said = capsys.readouterr()
    assert "p, age=child: 2 to 2, from press, t" in said.out
    assert "there may be nobody" not in said.err
    perhaps = LEDGER.with_count("press", "p", 7, 9, {"age": ("adult",)})
    assert attack_command([file(perhaps)]) == 1
    assert "there may be nobody" in capsys.readouterr().err


def test_who_knows_one_person_is_told_what_he_learns(file, capsys):
    broken = LEDGER.with_count("press", "p", 1, 1, {"age": ("child",)})
    asked = [file(broken), "--population", "p", "--knows", "age=child"]
    assert attack_command(asked) == 1
    assert capsys.readouterr().out == "she was counted: age=child\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "\x00",
        LEDGER.to_json().replace("9", '"x"'),
        LEDGER.to_json().replace('"where":[]', '"where":[["shoe",["a"]]]'),
    ],
)
def test_a_file_that_is_no_ledger_is_refused(tmp_path, capsys, text):
    (tmp_path / "ledger.json").write_text(text)
    assert attack_command([str(tmp_path / "ledger.json")]) == 2
    assert "ledger.json" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_refused(tmp_path, capsys):
    assert attack_command([str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err
