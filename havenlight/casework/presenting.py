"""The codebook as a form in a browser reads it, in the reader's language."""

from havenlight.casework.codebook import Code, Codebook, Text, Variable


def for_browser(codebook: Codebook, language: str) -> dict[str, object]:
    """All that `casework/rules.mjs` and `casework/form.mjs` need, as JSON writes it."""

    def words(text: Text | None) -> str:
        return text.in_language(language) if text else ""

    def code(one: Code) -> dict[str, object]:
        return {
            "code": one.code,
            "label": words(one.label),
            "help": words(one.help),
            "alone": one.alone,
            "at_least": one.at_least,
            "at_most": one.at_most,
        }

    def variable(one: Variable) -> dict[str, object]:
        return {
            "key": one.key,
            "section": one.section,
            "kind": one.kind,
            "label": words(one.label),
            "help": words(one.help),
            "codes": [code(each) for each in one.codes],
            "asked_when": [
                {"variable": each.variable, "any_of": sorted(each.any_of)}
                for each in one.asked_when
            ],
            "at_least": one.at_least,
            "at_most": one.at_most,
            "band_of": one.band_of,
        }

    return {
        "version": codebook.version,
        "absences": [
            {
                "code": absence,
                "label": codebook.absence(absence, language),
                "help": words(text),
            }
            for absence, text in codebook.absences.items()
        ],
        "sections": [{"key": each.key, "label": words(each.label)} for each in codebook.sections],
        "variables": [variable(each) for each in codebook.variables.values()],
    }
