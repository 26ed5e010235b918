"""`havenlight` where no setting is given: whoever only reads needs none."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

COMMAND = Path(sys.executable).with_name("havenlight")


def _run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments], cwd=directory, env={}, capture_output=True, text=True, check=False
    )


def test_help_names_each_command_and_a_reader_needs_no_setting(tmp_path: Path) -> None:
    overview = _run(tmp_path, "--help").stdout.splitlines()
    assert {"attack", "report", "serve"} <= {line.split()[0] for line in overview if line}
    assert "unique visitors" in _run(tmp_path, "figures", "show", "victims").stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "asked",
    ["report build --year 2021 --datab --out out", "simulate --year 2021 --data", "audit help"],
)
def test_whoever_asks_for_the_database_gives_its_secret(tmp_path: Path, asked: str) -> None:
    refused = _run(tmp_path, *asked.split())
    assert refused.returncode == 1
    assert "SECRET_KEY is not set" in refused.stderr


def test_a_demo_of_a_year_without_figures_is_refused_before_it_is_made() -> None:
    with pytest.raises(CommandError, match="2017"):
        call_command("demo", "--only-prepare", "--years", "2017")
