"""The command that shows definitions."""

from io import StringIO

import pytest
from django.core.management import call_command

from havenlight.figures.defining import DefinitionsRefused
from tests.unit.figures.counting import BOOK


def said(*words: str) -> str:
    out = StringIO()
    call_command("figures", *words, stdout=out)
    return out.getvalue()


def test_list_names_every_figure_with_its_unit() -> None:
    lines = said("list").splitlines()
    assert [line.split()[0] for line in lines] == list(BOOK.figures)
    assert any("visitors" in line and "month" in line for line in lines)


@pytest.mark.parametrize("name", BOOK.figures)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_show_says_how_each_figure_is_counted(name: str, language: str) -> None:
    shown = said("show", name, "--language", language)
    figure = BOOK.figures[name]
    for word in (figure.name.in_language(language), *figure.variables, figure.source):
        assert word in shown


def test_a_figure_that_is_not_there_is_refused_with_a_near_name() -> None:
    with pytest.raises(DefinitionsRefused, match="victims"):
        said("show", "victms")
