"""Definitions as lines that people read in a terminal."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from havenlight.figures.definitions import Book, Definition, said
from havenlight.figures.dividing import division


def listed(book: Book, language: str) -> Iterator[str]:
    """One line for each figure."""
    width = max(len(name) for name in book.figures)
    for figure in book.figures.values():
        name = figure.name.in_language(language)
        yield f"{figure.id:<{width}}  {figure.kind:<6}  {figure.population.unit:<8}  {name}"


def shown(figure: Definition, book: Book, language: str) -> Iterator[str]:
    """All that a reader needs to count this figure again."""
    yield figure.name.in_language(language)
    divided = division(figure.kind)
    lines = {
        _("Name"): figure.id,
        _("Kind"): figure.kind,
        _("Unit"): figure.population.unit,
        _("Population"): figure.population.name.in_language(language),
        _("Rule"): figure.population.rule.in_language(language),
        _("Counted when"): said(figure.population.where),
        _("Among them"): said(figure.within),
        _("Numerator"): divided.above,
        _("Denominator"): divided.below,
        _("Earlier years"): divided.earlier,
        _("Variables"): ", ".join(figure.variables),
        _("Never 0% or 100%"): ", ".join(sorted(book.told_by(figure))),
        _("Codebook"): book.codebook.version,
        _("Sentence"): figure.sentence.in_language(language) if figure.sentence else "",
        _("Source"): figure.source,
    }
    width = max(map(len, lines)) + 2
    yield from (f"  {name:<{width}}{value}" for name, value in lines.items() if value)
    for part in figure.parts:
        yield f"  - {part.name.in_language(language)}: {said(part.when)}"
    if figure.parts:
        yield "  " + _("Absent answers:")
        for absence, treated in figure.absences.items():
            yield f"    {absence:<16}{treated}"
    if figure.external:
        external = book.externals[figure.external]
        yield f"  {_('Divided by')} {external.estimate:g}: {external.source.in_language(language)}"
        yield f"    {external.published_on}, {external.revision.in_language(language)}"
