"""havenlight figures: what is counted, and how, for everyone to read."""

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from havenlight.casework.codebook import LANGUAGES
from havenlight.figures import defining
from havenlight.site import figures_text


class Command(BaseCommand):
    """Shows definitions; counts nothing."""

    help = "List the figures, or show how one is counted."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """One of two verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        show, listing = verbs.add_parser("show"), verbs.add_parser("list")
        show.add_argument("figure", metavar="ID", nargs="+")
        for below in (show, listing):
            below.add_argument("--language", choices=LANGUAGES, default="en")

    def handle(
        self, *args: object, verb: str, language: str, figure: list[str] | None = None, **_: object
    ) -> None:
        """Print the list, or each figure asked for."""
        book = defining.newest()
        with translation.override(language):
            if verb == "list":
                self.stdout.write("\n".join(figures_text.listed(book, language)))
            for name in figure or ():
                shown = figures_text.shown(defining.figure(book, name), book, language)
                self.stdout.write("\n".join(shown))
