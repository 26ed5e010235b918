"""What estimates say, said again in the reader's language."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from havenlight.figures import wording
from havenlight.figures.codes import FOR_STRATA, USUAL, Method
from havenlight.mse import Analysis, Settings, estimate, estimate_strata, read_counts, read_strata
from havenlight.mse import analysis as analyses
from havenlight.mse.cli import strata_text
from havenlight.mse.errors import TableRefused
from havenlight.mse.plots import all_plots
from havenlight.mse.wording import report_text

ROWS = "1,0,0,50\n0,1,0,40\n1,1,0,12\n0,0,1,30\n1,0,1,9\n0,1,1,8\n1,1,1,3\n"
ENGLISH = re.compile(
    r"\b(the|persons|gives|list|lists|without|with|number|no|seen|weight|only|is over)\b"
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    """Three lists by quick methods."""
    path = tmp_path_factory.mktemp("table") / "lists.csv"
    path.write_text("A,B,C,count\n" + ROWS, encoding="utf-8")
    methods = ["stepwise", "bic", "dga", "independent"]
    return estimate(read_counts(path), methods, Settings(resamples=10))


def test_the_page_has_the_methods_of_mse() -> None:
    assert {one.value for one in Method} == set(analyses.METHODS) - {"chapman"}
    assert tuple(one.value for one in USUAL) == analyses.USUAL
    assert set(FOR_STRATA) <= set(Method)


def test_nothing_of_a_report_stays_english_in_dutch(found: Analysis) -> None:
    with translation.override("nl"):
        lines = [wording.say(line) for line in report_text(found).splitlines()]
    assert lines[0].startswith("152 personen zijn gezien")
    assert not [line for line in lines if ENGLISH.search(line)]


def test_nothing_of_a_plot_stays_english_in_dutch(found: Analysis) -> None:
    with translation.override("nl"):
        plots = {name: wording.plot(svg) for name, svg in all_plots(found).items()}
    assert "152 gezien" in plots["methods"]
    texts = [re.sub(r"<[^>]*>", "\n", svg) for svg in plots.values()]
    assert not [word for text in texts for word in ENGLISH.findall(text)]


def test_in_english_a_report_is_what_mse_says(found: Analysis) -> None:
    line = report_text(found).splitlines()[0]
    with translation.override("en"):
        assert wording.say(line) == line


def test_plots_have_no_style_and_no_script(found: Analysis) -> None:
    for svg in map(wording.plot, all_plots(found).values()):
        assert not re.search(r"<style|<script|\sstyle=|\son\w+=", svg)


def test_what_a_table_brought_stays_text_in_a_plot(tmp_path: Path) -> None:
    path = tmp_path / "lists.csv"
    path.write_text("<script>x</script>,B&amp;,C,count\n" + ROWS, encoding="utf-8")
    found = estimate(read_counts(path), ["independent"], Settings(resamples=0))
    for svg in all_plots(found).values():
        assert "<script" not in wording.plot(svg)


def test_strata_are_said_in_dutch(tmp_path: Path) -> None:
    path = tmp_path / "years.csv"
    rows = ("1,0,9", "0,1,8", "1,1,4")
    text = "".join(f"{year},{row}\n" for year in (2020, 2021) for row in rows)
    path.write_text("year,A,B,count\n" + text, encoding="utf-8")
    found = estimate_strata(read_strata(path, ("year",)), "bic", Settings(resamples=20))
    with translation.override("nl"):
        lines = [wording.say(line) for line in strata_text(found).splitlines()]
    assert not [line for line in lines if ENGLISH.search(line)]
    assert any(line.startswith("2020: slechts ") for line in lines)


@pytest.mark.parametrize(
    "table",
    [
        "",
        "A,B,count\n",
        "A,B,count\n1,0\n",
        "A,B,count\n1,0,-5\n",
        "A,B,count\n1,0,2.5\n",
        "A,B,count\n1,0,many\n",
        "A,B,count\n1,yes,5\n",
        "A,B,count\n0,0,5\n",
        "A,B,count\n1,0,5\n1,0,6\n",
        "A,A,count\n1,0,5\n",
        "A,,count\n1,0,5\n",
        "A,count\n1,5\n",
        "A,B,count\n1,0,5\n0,1,5\n",
        "A,B,C,count\n1,1,0,5\n0,1,0,5\n",
    ],
)
def test_every_refusal_is_said_in_dutch(table: str, tmp_path: Path) -> None:
    path = tmp_path / "lists.csv"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(TableRefused) as refused:
        read_counts(path)
    with translation.override("nl"):
        said = wording.refusal(refused.value.reason, refused.value.row)
    assert refused.value.reason.lower() not in said.lower()
    assert not ENGLISH.search(said)
    assert refused.value.row is None or said.startswith(f"Rij {refused.value.row}: ")
