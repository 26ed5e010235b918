"""Small codebooks for tests: what a test does not name is as plain as it can be."""

from pathlib import Path

from havenlight.casework.codebook import Codebook
from havenlight.casework.loading import read_codebook

HEAD = """\
version = "{version}"
valid_from = 2000-01-01
title = {{ nl = "Klein", en = "Small" }}
[absences]
unknown = {{ nl = "Onbekend", en = "Unknown" }}
not_asked = {{ nl = "Niet gevraagd", en = "Not asked" }}
refused = {{ nl = "Geweigerd", en = "Refused" }}
not_applicable = {{ nl = "Niet van toepassing", en = "Not applicable" }}
[sections]
all = {{ nl = "Alles", en = "All" }}
"""


def variable(key: str, kind: str, *codes: str, **more: str) -> str:
    """One variable; `more` are lines of TOML, a None takes a line away."""
    lines = {
        "key": f'"{key}"',
        "section": '"all"',
        "kind": f'"{kind}"',
        "label": '{ nl = "Naam", en = "Name" }',
        "help": '{ nl = "Hulp", en = "Help" }',
        "publish": '"tables"',
    }
    if codes:
        lines["codes"] = "[" + ", ".join(codes) + "]"
    lines |= more
    return "[[variables]]\n" + "".join(f"{name} = {value}\n" for name, value in lines.items())


def code(name: str, more: str = "") -> str:
    """One code."""
    return f'{{ code = "{name}", nl = "Woord", en = "Word"{more} }}'


def when(key: str, *codes: str) -> str:
    """When a variable is asked."""
    named = ", ".join(f'"{each}"' for each in codes)
    return f'[{{ variable = "{key}", any_of = [{named}] }}]'


def content(*variables: str, version: str = "1") -> bytes:
    """The file of a codebook."""
    return (HEAD.format(version=version) + "".join(variables)).encode()


def make_codebook(*variables: str, version: str = "1") -> Codebook:
    """A codebook of these variables."""
    return read_codebook("small.toml", content(*variables, version=version))


def publish(directory: Path, **books: bytes) -> None:
    """Put codebooks in a directory with the hashes they have now."""
    from havenlight.casework.versions import fingerprint

    lines = [f'"{name}" = "{fingerprint(made)}"\n' for name, made in books.items()]
    for name, made in books.items():
        (directory / f"{name}.toml").write_bytes(made)
    (directory / "published.toml").write_text("[sha256]\n" + "".join(lines))
