import json
import subprocess
import sys

import pytest

from havenlight.mse.cli import main

GOOD = "A,B,C,count\n1,0,0,50\n0,1,0,40\n1,1,0,12\n0,0,1,30\n1,0,1,9\n0,1,1,8\n1,1,1,3\n"


@pytest.fixture
def lists(tmp_path):
    path = tmp_path / "lists.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_json_goes_to_stdout_and_progress_to_stderr(lists, capsys):
    arguments = [str(lists), "--json", "--method", "stepwise", "--bootstrap", "20", "--seed", "3"]
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert answer["methods"][0]["name"] == "stepwise"
    assert answer["settings"] == {"level": 0.95, "resamples": 20, "seed": 3, "max_order": 2}
    assert "stepwise: bootstrap" in err


def test_the_same_seed_prints_the_same_numbers(lists, capsys):
    arguments = [str(lists), "--json", "--method", "bic", "--bootstrap", "20"]
    printed = [(main(arguments), capsys.readouterr().out)[1] for _ in range(2)]
    assert printed[0] == printed[1]


def test_text_and_plots_are_written(lists, capsys, tmp_path):
    folder = tmp_path / "plots"
    arguments = [str(lists), "--method", "bic", "--bootstrap", "20", "--plots", str(folder)]
    assert main(arguments) == 0
    assert "152 persons were seen" in capsys.readouterr().out
    assert {path.name for path in folder.iterdir()} == {
        "methods.svg",
        "models.svg",
        "sensitivity.svg",
        "thresholds.svg",
    }


def test_a_refused_table_ends_with_two_and_names_the_row(tmp_path, capsys):
    path = tmp_path / "lists.csv"
    path.write_text("A,B,count\n1,0,5\n0,0,3\n", encoding="utf-8")
    assert main([str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "row 3: no list saw these persons" in err
    assert main([str(tmp_path / "absent.csv")]) == 2
    assert "absent.csv: No such file" in capsys.readouterr().err


def test_strata_print_each_stratum_and_the_total(tmp_path, capsys):
    rows = GOOD.splitlines()
    text = "year," + rows[0] + "\n" + "".join(f"{y},{r}\n" for y in (2020, 2021) for r in rows[1:])
    path = tmp_path / "years.csv"
    path.write_text(text, encoding="utf-8")
    assert main([str(path), "--strata", "year", "--bootstrap", "50"]) == 0
    out = capsys.readouterr().out
    assert "2020: " in out
    assert "total: " in out
    assert main([str(path), "--strata", "year", "--bootstrap", "50", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["strata"]) == 2


def test_records_are_counted(tmp_path, capsys):
    path = tmp_path / "persons.csv"
    path.write_text("code,A,B\n" + "".join(f"{i},1,{i % 2}\n" for i in range(30)), encoding="utf-8")
    assert main([str(path), "--records", "--person", "code", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n_observed"] == 30


@pytest.mark.parametrize(
    "wrong",
    [
        ["--level", "95"],
        ["--bootstrap", "-1"],
        ["--max-order", "0"],
        ["--strata", "year", "--records"],
        ["--strata", "year", "--bootstrap", "0"],
        ["--strata", "year", "--method", "dga"],
        ["--strata", "year", "--method", "bic", "--method", "aic"],
        ["--method", "guess"],
    ],
)
def test_arguments_that_do_not_fit_are_refused(lists, wrong, capsys):
    with pytest.raises(SystemExit, match="2"):
        main([str(lists), *wrong])
    assert "error:" in capsys.readouterr().err


@pytest.mark.long
def test_it_runs_as_a_module(lists):
    command = [sys.executable, "-m", "havenlight.mse", str(lists), "--method", "bic"]
    assert subprocess.run(command, check=True, capture_output=True).stdout
