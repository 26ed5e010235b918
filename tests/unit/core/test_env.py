"""Settings are refused by name, and their values never shown."""

from pathlib import Path

import pytest

from havenlight.core import env
from havenlight.core.env import SettingRefused

NAME = "HAVENLIGHT_TEST_SETTING"


@pytest.fixture(autouse=True)
def _forget_declarations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "DECLARED", {})
    monkeypatch.delenv(NAME, raising=False)


def test_a_setting_without_default_that_is_not_given_is_refused_by_name() -> None:
    with pytest.raises(SettingRefused, match=f"{NAME} is not set: where it lives"):
        env.text(NAME, "where it lives")


def test_an_empty_secret_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "")
    with pytest.raises(SettingRefused, match=NAME):
        env.secret(NAME, "signs tokens", at_least=5)


def test_a_default_may_be_empty() -> None:
    assert env.text(NAME, "where it lives", default="") == ""


def test_a_secret_comes_from_a_file_without_its_last_line_break(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv(NAME, "from the environment")
    assert env.secret(NAME, "signs tokens", at_least=5) == "from the environment"
    monkeypatch.delenv(NAME)
    assert env.secret(NAME, "signs tokens", at_least=5) == "from the file"


def test_a_secret_file_that_cannot_be_read_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "absent"))
    with pytest.raises(SettingRefused, match=f"{NAME}_FILE") as refused:
        env.secret(NAME, "signs tokens", at_least=5)
    assert str(tmp_path) not in str(refused.value)


@pytest.mark.parametrize("value", ["many", "1.5", "", "1e3"])
def test_a_number_that_is_none_is_refused_without_its_value(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(SettingRefused) as refused:
        env.number(NAME, "how many", default=1)
    assert str(refused.value) == f"{NAME} must be a whole number"


def test_a_number_below_its_least_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "0")
    assert env.number(NAME, "how many", default=5) == 0
    with pytest.raises(SettingRefused, match=f"{NAME} must be 1 or more"):
        env.number(NAME, "how many", default=5, at_least=1)


@pytest.mark.parametrize(
    ("value", "meant"),
    [("1", True), ("yes", True), ("TRUE", True), ("on", True), ("0", False), ("No", False)],
)
def test_a_flag_is_read_as_people_write_it(
    monkeypatch: pytest.MonkeyPatch, value: str, meant: bool
) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.flag(NAME, "whether", default=not meant) is meant


def test_a_flag_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "perhaps")
    with pytest.raises(SettingRefused) as refused:
        env.flag(NAME, "whether", default=True)
    assert str(refused.value) == f"{NAME} must be 1 or 0"


def test_a_list_is_parted_by_commas_and_has_no_empty_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(NAME, " a.example, ,b.example,")
    assert env.names(NAME, "hosts", default="") == ["a.example", "b.example"]


def test_what_is_read_is_declared_for_the_reference_page() -> None:
    env.number(NAME, "How many.", default=7, at_least=2)
    declared = env.DECLARED[NAME]
    assert (declared.kind, declared.default) == ("whole number, 2 or more", "7")
    assert declared.meaning == "How many."


def test_a_secret_that_could_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "abcd")
    with pytest.raises(env.SettingRefused, match="5 characters or more"):
        env.secret(NAME, "signs tokens", at_least=5)
