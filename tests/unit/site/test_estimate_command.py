"""`havenlight estimate` and `havenlight link`, as a researcher runs them on her own machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("havenlight"))
TABLE = "A,B,C,count\n1,0,0,50\n0,1,0,40\n1,1,0,12\n0,0,1,30\n1,0,1,9\n0,1,1,8\n1,1,1,3\n"
KEYS = {
    "name",
    "estimate",
    "lower",
    "upper",
    "level",
    "model",
    "criterion",
    "status",
    "reason",
}


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command where no setting of a helpline is at hand."""
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        cwd=cwd,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )


def estimate(folder: Path) -> subprocess.CompletedProcess[str]:
    """Estimate by two quick methods, with plots."""
    (folder / "lists.csv").write_text(TABLE, encoding="utf-8")
    methods = ("--method", "stepwise", "--method", "dga")
    few = ("--seed", "3", "--bootstrap", "20", "--plots", "plots")
    return run("estimate", "lists.csv", "--json", *methods, *few, cwd=folder)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """What was printed, in a folder that in the end holds the plots and nothing unasked."""
    folder = tmp_path_factory.mktemp("estimate")
    done = estimate(folder)
    assert {path.name for path in folder.iterdir()} == {"lists.csv", "plots"}
    assert (folder / "plots" / "methods.svg").exists()
    return done


def test_the_answer_has_the_published_keys(done: subprocess.CompletedProcess[str]) -> None:
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["n_observed"]) == (0, 152)
    assert answer["lists"] == ["A", "B", "C"]
    assert [one["name"] for one in answer["methods"]] == ["stepwise", "dga"]
    assert all(set(one) >= KEYS for one in answer["methods"])
    assert answer["verdict"] in {"estimable", "fragile", "not_estimable"}


def test_progress_goes_to_stderr(done: subprocess.CompletedProcess[str]) -> None:
    assert "stepwise: bootstrap" in done.stderr


def test_equal_seeds_give_equal_numbers(
    done: subprocess.CompletedProcess[str], tmp_path: Path
) -> None:
    assert estimate(tmp_path).stdout == done.stdout


def test_a_refusal_names_row_and_reason_and_ends_with_two(tmp_path: Path) -> None:
    (tmp_path / "lists.csv").write_text("A,B,count\n1,0,5\n0,1,2.5\n", encoding="utf-8")
    done = run("estimate", "lists.csv", "--json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "row 3: count 2.5 is not a whole number of persons" in done.stderr


def test_a_key_for_linking_is_made_without_settings(tmp_path: Path) -> None:
    (tmp_path / "pass").write_text("a passphrase of some length\n", encoding="utf-8")
    keyed = ("--key", "our.key", "--passphrase-file", "pass", "--recipe", "full")
    agreed = ("--study", "2026", "--lists", "police,shelter", "--list", "shelter")
    done = run("link", "keygen", *keyed, *agreed, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "of shelter for 2026" in done.stdout
