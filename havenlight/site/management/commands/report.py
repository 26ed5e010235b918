"""havenlight report: an edition of a year, made, checked and made again."""

import sys
from argparse import Namespace
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from havenlight.casework.codebook import Text
from havenlight.disclosure import Ledger, Rules
from havenlight.figures import defining, from_cases, reading, tabulation
from havenlight.figures.columns import Registrations
from havenlight.figures.definitions import Book
from havenlight.report import around, building, paper, signing
from havenlight.report.edition import SERIES, Edition
from havenlight.report.errors import EditionRefused, NotAsSigned
from havenlight.report.freezing import About, Published, freeze


class Command(BaseCommand):
    """Builds an edition from registrations, verifies one, or rebuilds it from its tables."""

    help = "Build the report on a year, verify an edition, or rebuild one from its tables."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """One of three verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        build = verbs.add_parser("build", help="from registrations to HTML, PDF and data")
        build.add_argument("--year", type=int, required=True)
        source = build.add_mutually_exclusive_group(required=True)
        source.add_argument("--registrations", type=Path, metavar="FILE.csv")
        source.add_argument("--database", action="store_true")
        build.add_argument("--out", type=Path, required=True)
        build.add_argument("--organisation", default="Havenlight")
        build.add_argument("--emergency-number", default="112")
        build.add_argument("--help-url", default="")
        build.add_argument("--data-on", type=date.fromisoformat, default=date.today())  # noqa: DTZ011 -- the administrator's own day
        build.add_argument("--threshold", type=int, default=Rules.threshold)
        build.add_argument("--around", type=Path, metavar="FILE.toml", help="words and remarks")
        build.add_argument("--ledger", type=Path, help="what was published before")
        build.add_argument("--earlier", type=Path, nargs="*", default=[], metavar="DIR")
        build.add_argument("--revision", type=int, default=1)
        build.add_argument("--corrects", nargs=2, metavar=("NL", "EN"), help="what was wrong")
        for verb, words in (("verify", "is it as it was signed"), ("rebuild", "the same bytes")):
            below = verbs.add_parser(verb, help=words)
            below.add_argument("edition", type=Path, metavar="DIR")
            below.add_argument("--public-key")

    def handle(self, *args: object, verb: str, **options: object) -> None:
        """Do what the verb says."""
        given = Namespace(**options)
        if verb == "build":
            self._build(given)
        elif verb == "verify":
            key = signing.verify(given.edition, given.public_key)
            self.stdout.write(_("As it was signed. Public key: %(key)s") % {"key": key})
        else:
            self._rebuild(given)

    def _build(self, given: Namespace) -> None:
        paper.warm()
        book = defining.newest()
        registrations = self._registrations(given, book)
        frozen = freeze(book, registrations, given.year, _about(given), _published(given))
        self._tell(_("Protected, and attacked without finding a count"), 1.0)
        made = building.files(frozen.edition, self._tell)
        key = signing.key_at(settings.DATA_DIR / "report-key")
        building.write(given.out, made, key, frozen.ledger.to_json())
        told = {"count": len(registrations), "out": given.out, "files": len(made)}
        self.stdout.write(_("%(count)d registrations: %(files)d files in %(out)s") % told)

    def _registrations(self, given: Namespace, book: Book) -> Registrations:
        wanted = tabulation.wanted(book)
        if given.database:
            years = range(given.year - SERIES + 1, given.year + 1)
            return from_cases.read(book.codebook, wanted, years, simulated=settings.DEMO)
        return reading.read(
            given.registrations,
            book.codebook,
            wanted,
            lambda share: self._tell(_("Reading"), share),
        )

    def _rebuild(self, given: Namespace) -> None:
        signing.verify(given.edition, given.public_key)
        for name, content in sorted(building.rebuilt(given.edition).items()):
            if (given.edition / name).read_bytes() != content:
                raise NotAsSigned(f"{name} comes out otherwise with this version of Havenlight")
        self.stdout.write(_("Rebuilt from its frozen tables: the same bytes."))

    def _tell(self, what: str, share: float) -> None:
        """A bar on a terminal; nothing in a file or a pipe."""
        if sys.stderr.isatty():
            end = "\n" if share >= 1 else ""
            bar = "#" * round(30 * share)
            self.stderr.write(f"\r{what:<48}[{bar:<30}] {share:4.0%}{end}", ending="")


def _about(given: Namespace) -> About:
    notes, words = around.read(given.around) if given.around else ((), {})
    if given.revision > 1 and not given.corrects:
        raise EditionRefused("a revision says what it corrects: give --corrects")
    return About(
        given.organisation,
        given.emergency_number,
        given.help_url,
        given.data_on,
        Rules(threshold=given.threshold, base=max(given.threshold, Rules.base)),
        notes,
        words,
        given.revision,
        Text(*given.corrects) if given.corrects else None,
    )


def _published(given: Namespace) -> Published:
    try:
        ledger = Ledger.from_json(given.ledger.read_text("utf-8")) if given.ledger else Ledger()
        editions = tuple(
            Edition.from_json((each / building.EDITION).read_text("utf-8"))
            for each in given.earlier
        )
    except OSError as error:
        raise EditionRefused(f"{error.filename}: {error.strerror}") from None
    return Published(ledger, editions)
