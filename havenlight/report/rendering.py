"""From a document to HTML that needs no other file, which `paper` makes PDF/UA of."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from havenlight.report.audiences import AUDIENCES, short
from havenlight.report.codebook import codebook
from havenlight.report.documents import Maker
from havenlight.report.edition import Edition
from havenlight.report.factsheet import fact_sheet
from havenlight.report.parts import Document
from havenlight.report.signals import quarter_note, signals
from havenlight.report.texts import day

LANGUAGES = ("nl", "en")

STYLES = files("havenlight.report.styles")


@dataclass(frozen=True, slots=True)
class Output:
    """A file of an edition that is made from it."""

    name: str
    title: str | Promise
    template: str
    make: Callable[[Maker], Document]


CODEBOOK = Output(
    "codebook", gettext_lazy("Codebook of the data"), "report/document.html", codebook
)
OUTPUTS = (
    Output("report", gettext_lazy("Report"), "report/document.html", Maker.report),
    Output("factsheet", gettext_lazy("Fact sheet"), "report/factsheet.html", fact_sheet),
    Output("signals", gettext_lazy("Signals"), "report/document.html", signals),
    *(
        Output(f"for-{key}", audience.title, "report/document.html", short(key))
        for key, audience in AUDIENCES.items()
    ),
    CODEBOOK,
)
QUARTERLY = (
    Output("signals", gettext_lazy("Signals"), "report/document.html", quarter_note),
    CODEBOOK,
)


def outputs(quarter: int) -> tuple[Output, ...]:
    """What is made of the edition of a year (0), or of the note of a quarter."""
    return QUARTERLY if quarter else OUTPUTS


def output(name: str, quarter: int) -> Output | None:
    """The one of that name."""
    return next((each for each in outputs(quarter) if each.name == name), None)


def document(edition: Edition, language: str, make: Callable[[Maker], Document]) -> Document:
    """A document in a language."""
    with translation.override(language):
        return make(Maker(edition, language))


def html(edition: Edition, language: str, output: Output) -> str:
    """One file of HTML: no script, nothing fetched, the same bytes for the same edition."""
    with translation.override(language):
        made = output.make(Maker(edition, language))
        # Apart, so that an edition without revised totals keeps its bytes.
        revised = ["revised.css"] if edition.revisions and edition.revisions.totals else []
        style = "".join(
            STYLES.joinpath(name).read_text(encoding="utf-8") for name in ["document.css", *revised]
        )
        corrects = edition.corrects.in_language(language) if edition.corrects else ""
        context = {
            "document": made,
            "edition": edition,
            "style": mark_safe(style),  # noqa: S308 -- our own files, which nobody else writes
            "corrects": corrects,
            "data_day": day(edition.data_on),
        }
        return render_to_string(output.template, context)
