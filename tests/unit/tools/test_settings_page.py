"""The reference page of the settings."""

import subprocess
import sys

from tools.settings_page import PAGE


def test_the_page_says_what_the_settings_say() -> None:
    # In a process of its own: other tests here declare settings that are not the product's.
    done = subprocess.run(
        [sys.executable, "-m", "tools.settings_page", "--check"],
        cwd=PAGE.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_page_names_no_folder_of_the_machine_that_wrote_it() -> None:
    assert str(PAGE.parents[2]) not in PAGE.read_text()
    assert "DATA_DIR/" in PAGE.read_text()
