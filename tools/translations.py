"""Gathers what is to be translated, and checks that every text has its Dutch.

What visitors read must be there in every language that they may choose.

usage: python -m tools.translations          says what is missing, changes nothing
       python -m tools.translations gather   brings the language files up to date
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command

from havenlight.team.languages import ALL, OURS

PACKAGE = Path(__file__).parent.parent / "havenlight"
EVERYWHERE = sorted(OURS.keys() - {"en"})
"""The languages of the whole product, beside the English in which it is written."""
VISITORS = sorted(ALL.keys() - OURS.keys())
"""The languages that only visitors read."""
VISITED = {"chat": [], "site": ["*.py"]}
"""The domains whose texts visitors read, and the files there with texts for others."""
GATHERED_ON = re.compile(r'"POT-Creation-Date:.*"\n')
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+")


def gather(package: Path) -> None:
    """Bring the language files below `package` up to date with its texts."""
    # A text goes to the nearest `locale` above it; this one takes those of domains that have none.
    (package / "locale").mkdir(exist_ok=True)
    _gather(package, EVERYWHERE, [])
    for domain, ignored in VISITED.items():
        if (package / domain / "locale").exists():
            _gather(package / domain, VISITORS, ignored)
    # The day of gathering would make a change, and a conflict, of every file that did not change.
    for path in package.rglob("*.po"):
        path.write_text(GATHERED_ON.sub("", path.read_text()))


def _gather(directory: Path, languages: list[str], ignored: list[str]) -> None:
    with chdir(directory):
        call_command("makemessages", locale=languages, ignore_patterns=ignored, no_obsolete=True,
                     no_wrap=True, no_location=True, verbosity=0)  # fmt: skip


def missing(package: Path) -> Iterator[str]:
    """What a reader would stumble over, gathered from a copy of `package`."""
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(package, Path(copy, package.name))
        gather(Path(copy, package.name))
        for path in sorted(Path(copy).rglob("locale/*/LC_MESSAGES/*.po")):
            language = path.parent.parent.name
            catalog = read_po(BytesIO(path.read_bytes()), locale=language)
            if catalog.fuzzy:
                yield f"{path.relative_to(copy)}: its head is fuzzy, so nothing of it is used"
            for message in catalog:
                if message.id and (fault := fault_of(message)):
                    yield f"{path.relative_to(copy)}: {fault}: {message.id!r}"


def fault_of(message: Message) -> str | None:
    """What is wrong with a translated text, if anything."""
    sources, targets = _forms(message.id), _forms(message.string)
    if not all(targets):
        return "not translated"
    if message.fuzzy:
        return "marked as fuzzy"
    # Forms for none, one or two may say so in words; that for all others carries the plural's.
    *few, most = targets
    spoken = [placeholders(source) for source in sources]
    if placeholders(most) != spoken[-1] or any(placeholders(one) not in spoken for one in few):
        return "other placeholders"
    return None


def placeholders(text: str) -> list[str]:
    """The places of a text that something is put into, and its tags."""
    return sorted(PLACEHOLDER.findall(text))


def _forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text or ""] if isinstance(text, str | None) else list(text)


def main() -> None:
    """Gather, or print each fault and fail if there is one."""
    # The product's own settings would name its own language files, not those of the copy.
    settings.configure(USE_I18N=True)
    django.setup()
    if "gather" in sys.argv:
        gather(PACKAGE)
    elif faults := list(missing(PACKAGE)):
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
