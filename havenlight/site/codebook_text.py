"""A codebook, and what changed in it, as lines that people read in a terminal."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from havenlight.casework.codebook import Codebook, Publish, Variable
from havenlight.casework.difference import Change, Difference


def shown(codebook: Codebook, language: str) -> Iterator[str]:
    """Every variable with its codes, by section."""
    yield f"{codebook.title.in_language(language)} ({codebook.version})"
    for section in codebook.sections:
        yield ""
        yield section.label.in_language(language).upper()
        for variable in codebook.variables.values():
            if variable.section == section.key:
                yield from _variable(codebook, variable, language)
    yield ""
    yield _("Every variable may also be:")
    for absence, text in codebook.absences.items():
        yield f"    {absence:<28} {text.in_language(language)}"


def _variable(codebook: Codebook, variable: Variable, language: str) -> Iterator[str]:
    yield ""
    yield f"  {variable.key}: {variable.label.in_language(language)}"
    yield f"    {variable.help.in_language(language)}"
    for condition in variable.asked_when:
        label = codebook.variables[condition.variable].label.in_language(language)
        codes = ", ".join(sorted(condition.any_of))
        yield "    " + _("Asked when “%(variable)s” is: %(codes)s") % {
            "variable": label,
            "codes": codes,
        }
    yield "    " + published(variable.publish)
    for code in variable.codes:
        yield f"    {code.code:<28} {code.label.in_language(language)}"


def published(publish: Publish) -> str:
    """Whether a variable may be published, in words."""
    return {
        Publish.TABLES: _("May be published in tables."),
        Publish.SENSITIVE: _("Sensitive: published with more care."),
        Publish.NEVER: _("Never published."),
    }[publish]


def changed(found: tuple[Difference, ...], old: Codebook, new: Codebook) -> Iterator[str]:
    """One line a change; one line too when there is none."""
    names = {"old": old.version, "new": new.version}
    if not found:
        yield _("Nothing differs between %(old)s and %(new)s.") % names
        return
    yield _("From %(old)s to %(new)s:") % names
    words = {
        Change.ADDED: _("added"),
        Change.REMOVED: _("removed"),
        Change.ALTERED: _("altered"),
    }
    for each in found:
        place = each.variable if each.code is None else f"{each.variable}.{each.code}"
        parts = f" ({', '.join(each.what)})" if each.what else ""
        yield f"  {words[each.change]}: {place}{parts}"


def sound(version: str) -> str:
    """That a codebook was read and is as it should be."""
    return _("%(version)s: sound") % {"version": version}
