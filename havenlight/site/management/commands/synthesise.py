"""havenlight synthesise: made-up persons for researchers, from pooled years."""

from argparse import Namespace
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from havenlight.disclosure.errors import DisclosureError
from havenlight.figures import defining, from_cases, reading, tabulation
from havenlight.figures.columns import Registrations
from havenlight.figures.definitions import Book
from havenlight.report import building, microdata
from havenlight.report.errors import EditionRefused


class Command(BaseCommand):
    """Makes one file of made-up persons, or says why there can be none."""

    help = "Make up persons alike the victims of pooled years, with differential privacy."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which years, from where, how much may be spent."""
        parser.add_argument("--years", type=int, nargs="+", required=True)
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--registrations", type=Path, metavar="FILE.csv")
        source.add_argument("--database", action="store_true")
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--variables", nargs="+", default=list(microdata.VARIABLES))
        parser.add_argument("--epsilon", type=float, default=1.0)

    def handle(self, *args: object, **options: object) -> None:
        """Read, make up, write."""
        given = Namespace(**options)
        book = defining.newest()
        registrations = _registrations(given, book)
        try:
            made = microdata.made_up(
                book, registrations, given.years, given.variables, given.epsilon
            )
        except (DisclosureError, ValueError) as refused:
            raise EditionRefused(str(refused)) from None
        building.place(given.out, microdata.files(made, given.years))
        told = {"count": len(made.codes), "out": given.out}
        self.stdout.write(_("%(count)d made-up persons in %(out)s. Read README.txt.") % told)


def _registrations(given: Namespace, book: Book) -> Registrations:
    asked = [key for key in given.variables if key in book.codebook.variables]
    wanted = tuple(dict.fromkeys((*tabulation.wanted(book), *asked)))
    if given.database:
        return from_cases.read(book.codebook, wanted, given.years, simulated=settings.DEMO)
    return reading.read(given.registrations, book.codebook, wanted)
