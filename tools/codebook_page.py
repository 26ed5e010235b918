"""Writes docs/reference/codebook.md from the newest published codebook; --check only compares."""

import sys
from collections.abc import Iterator
from pathlib import Path

from havenlight.casework import versions
from havenlight.casework.codebook import Code, Codebook, Kind, Publish, Text, Variable

PAGE = Path(__file__).parent.parent / "docs/reference/codebook.md"

HEAD = """\
# Codebook {version}

What a counsellor may register, in Dutch and in English, valid from {valid_from}. A published
codebook never changes: its SHA-256 stands in `havenlight/casework/codebooks/published.toml`.

Names in the column HTCDS are fields and values of the Human Trafficking Case Data Standard of IOM,
as they were read in the standard's own files; `havenlight/casework/htcds.py` says which. What could
not be verified there has no name here. *Small cells* is the neighbour that takes a code up in a
table where it is too small to print.

This page is written by `make docs` from `havenlight/casework/codebooks/{version}.toml`.
"""

KINDS = {
    Kind.ONE: "one code",
    Kind.SEVERAL: "one or more codes",
    Kind.NUMBER: "a whole number",
    Kind.MONTHS: "whole months",
    Kind.DATE: "a day",
    Kind.KEY: "a short key from the organisation's own list",
}
PUBLISHED = {
    Publish.TABLES: "in tables, after disclosure control",
    Publish.SENSITIVE: "sensitive: no share of 0% or 100%, not crossed with another sensitive one",
    Publish.NEVER: "never",
}


def page(codebook: Codebook) -> str:
    """The page, with the same bytes wherever it is made."""
    head = HEAD.format(version=codebook.version, valid_from=codebook.valid_from.isoformat())
    return head + "".join(f"{line}\n" for line in _lines(codebook))


def _lines(codebook: Codebook) -> Iterator[str]:
    yield from ("", "## Absences", "", "Every variable may have any of these four.", "")
    yield from ("| code | Nederlands | English |", "| --- | --- | --- |")
    for absence, text in codebook.absences.items():
        yield f"| `{absence}` | {text.nl} | {text.en} |"
    for section in codebook.sections:
        yield from ("", f"## {_both(section.label)}")
        for variable in codebook.variables.values():
            if variable.section == section.key:
                yield from _variable(variable)


def _variable(variable: Variable) -> Iterator[str]:
    yield from ("", f"### `{variable.key}`", "", f"**{_both(variable.label)}**", "")
    yield from (f"{variable.help.nl} / *{variable.help.en}*", "")
    limits = f", {variable.at_least} to {variable.at_most}" if variable.at_most is not None else ""
    yield f"- Answer: {KINDS[variable.kind]}{limits}"
    if variable.band_of is not None:
        yield f"- Follows from `{variable.band_of}` when that is given"
    for condition in variable.asked_when:
        codes = ", ".join(f"`{code}`" for code in sorted(condition.any_of))
        yield f"- Asked when `{condition.variable}` is or holds: {codes}"
    yield f"- Published: {PUBLISHED[variable.publish]}"
    yield f"- HTCDS: {f'`{variable.htcds}`' if variable.htcds else 'not mapped'}"
    if variable.codes:
        head = "| code | Nederlands | English | HTCDS | small cells |"
        yield from ("", head, "| --- | --- | --- | --- | --- |")
        yield from map(_code, variable.codes)


def _code(code: Code) -> str:
    helped = (f". {code.help.nl}", f". {code.help.en}") if code.help else ("", "")
    htcds = f"`{code.htcds}`" if code.htcds else ""
    merged = f"`{code.merge_into}`" if code.merge_into else ""
    nl, en = code.label.nl + helped[0], code.label.en + helped[1]
    return f"| `{code.code}` | {nl} | {en} | {htcds} | {merged} |"


def _both(text: Text) -> str:
    return f"{text.nl} / {text.en}"


def main() -> None:
    """Write the page, or say with --check whether it would change."""
    made = page(versions.newest())
    if "--check" not in sys.argv:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(made, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != made:
        sys.exit(f"{PAGE.name} is not what the codebook says: run make docs")


if __name__ == "__main__":
    main()
