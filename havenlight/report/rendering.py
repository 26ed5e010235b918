"""From a document to HTML that needs no other file, which `paper` makes PDF/UA of."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from havenlight.report.audiences import AUDIENCES, short
from havenlight.report.documents import Document, Maker
from havenlight.report.edition import Edition
from havenlight.report.factsheet import fact_sheet
from havenlight.report.signals import signals

LANGUAGES = ("nl", "en")

STYLES = files("havenlight.report.styles")


@dataclass(frozen=True, slots=True)
class Output:
    """A file of an edition that is made from it."""

    name: str
    template: str
    make: Callable[[Maker], Document]


OUTPUTS = (
    Output("report", "report/document.html", Maker.report),
    Output("factsheet", "report/factsheet.html", fact_sheet),
    Output("signals", "report/document.html", signals),
    *(Output(f"for-{key}", "report/document.html", short(key)) for key in AUDIENCES),
)


def document(edition: Edition, language: str, make: Callable[[Maker], Document]) -> Document:
    """A document in a language."""
    with translation.override(language):
        return make(Maker(edition, language))


def html(edition: Edition, language: str, output: Output) -> str:
    """One file of HTML: no script, nothing fetched, the same bytes for the same edition."""
    with translation.override(language):
        made = output.make(Maker(edition, language))
        # Our own file, which nobody else writes.
        style = mark_safe(STYLES.joinpath("document.css").read_text(encoding="utf-8"))  # noqa: S308
        context = {"document": made, "edition": edition, "style": style}
        return render_to_string(output.template, context)
