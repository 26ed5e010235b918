"""havenlight codebook: what may be registered, for people; whether it is sound; what changed."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from havenlight.casework import versions
from havenlight.casework.codebook import LANGUAGES, Codebook
from havenlight.casework.difference import differences
from havenlight.casework.errors import CodebookRefused
from havenlight.casework.loading import read_codebook
from havenlight.figures import defining
from havenlight.site import codebook_text


class Command(BaseCommand):
    """Shows, checks and compares codebooks; writes nothing."""

    help = "Show a codebook, check the published ones or a file, or compare two."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """One of three verbs, each with its versions or files."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, count in (("show", "?"), ("check", "*"), ("diff", 2)):
            below = verbs.add_parser(verb)
            below.add_argument("books", nargs=count, metavar="VERSION|FILE.toml")
            below.add_argument("--language", choices=LANGUAGES, default="en")

    def handle(
        self, *args: object, verb: str, books: str | list[str] | None, language: str, **_: object
    ) -> None:
        """Do what the verb says, in the language asked for."""
        named = [books] if isinstance(books, str) else books or []
        with translation.override(language):
            if verb == "show":
                self._show(named, language)
            elif verb == "check":
                self._check(named)
            else:
                self._diff(*(_opened(name) for name in named))

    def _show(self, named: list[str], language: str) -> None:
        book = _opened(named[0]) if named else versions.newest()
        for line in codebook_text.shown(book, language):
            self.stdout.write(line)

    def _check(self, named: list[str]) -> None:
        for version in versions.check_published():
            self.stdout.write(codebook_text.sound(version))
        # Whoever publishes a codebook learns here that nobody could count by it yet.
        defining.newest()
        for name in named:
            self.stdout.write(codebook_text.sound(_opened(name).version))

    def _diff(self, old: Codebook, new: Codebook) -> None:
        for line in codebook_text.changed(differences(old, new), old, new):
            self.stdout.write(line)


def _opened(name: str) -> Codebook:
    if not name.endswith(".toml"):
        return versions.codebook(name)
    try:
        content = Path(name).read_bytes()
    except OSError:
        raise CodebookRefused(name, "the file", "cannot be read") from None
    return read_codebook(name, content)
