"""Answers to researchers' questions as tables for people, after control."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from havenlight.report.edition import Analysis, AnalysisCell, Axis, Value
from havenlight.report.texts import printed, unit


def heading(analysis: Analysis, language: str) -> str:
    """Of what an answer is, in one line."""
    rows, columns = (axis.name.in_language(language) for axis in analysis.axes)
    names = {"rows": rows, "columns": columns, "year": analysis.year,
             "unit": unit(analysis.unit, 2)}  # fmt: skip
    if analysis.only is None:
        return _("%(rows)s by %(columns)s, %(unit)s in %(year)d") % names
    label = next(iter(analysis.only.codes.values())).in_language(language)
    only = f"{analysis.only.name.in_language(language)}: {label}"
    return _("%(rows)s by %(columns)s, %(unit)s in %(year)d, only %(only)s") % {
        **names, "only": only,
    }  # fmt: skip


def analysis_grid(
    analysis: Analysis, language: str
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The head of a table and its rows, with the sums last."""
    cells = {cell.codes: cell for cell in analysis.cells}
    across, down = analysis.axes
    columns = [*_keys(cells, 1), ()]
    head = ("", *(_label(down, codes, language) for codes in columns))
    rows = tuple(
        (_label(across, row, language), *(_said(cells.get((row, column))) for column in columns))
        for row in (*_keys(cells, 0), ())
    )
    return head, rows


def _keys(
    cells: Mapping[tuple[tuple[str, ...], ...], AnalysisCell], place: int
) -> Iterator[tuple[str, ...]]:
    yield from dict.fromkeys(codes[place] for codes in cells if codes[place])


def _label(axis: Axis, codes: tuple[str, ...], language: str) -> str:
    if not codes:
        return _("all")
    return ", ".join(axis.codes[code].in_language(language) for code in codes)


def _said(cell: AnalysisCell | None) -> str:
    if cell is None or cell.shown == "suppressed":
        return "–"
    if cell.shown == "exact":
        return printed(Value("exact", cell.value))
    return printed(Value(cell.shown, cell.value, lower=cell.lower, upper=cell.upper))
