"""havenlight report: an edition of a year, made, checked and made again."""

import sys
from argparse import ArgumentTypeError, Namespace
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from havenlight.report import signing
from havenlight.report.errors import MadeOtherwise
from havenlight.report.two_way import ROUNDED, WAYS


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day; write it as 2022-03-01") from None


class Command(BaseCommand):
    """Builds an edition from registrations, verifies one, or rebuilds it from its tables."""

    help = "Build the report on a year, verify an edition, or rebuild one from its tables."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """One of three verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        build = verbs.add_parser("build", help="from registrations to HTML, PDF and data")
        build.add_argument("--year", type=int, required=True)
        build.add_argument("--quarter", type=int, choices=range(1, 5), default=0,
                           help="the note of a quarter, instead of the year's report")  # fmt: skip
        source = build.add_mutually_exclusive_group(required=True)
        source.add_argument("--registrations", type=Path, metavar="FILE.csv",
                            help="what `registrations export` or `simulate` wrote")  # fmt: skip
        source.add_argument("--database", action="store_true", help="what is registered here")
        build.add_argument("--out", type=Path, required=True)
        build.add_argument("--organisation", help="its name; with --database that of the helpline")
        build.add_argument("--emergency-number", help="112, or that of the helpline")
        build.add_argument("--help-url", default="")
        build.add_argument("--data-on", type=_day, metavar="2022-03-01", default=date.today())  # noqa: DTZ011 -- the administrator's own day
        build.add_argument("--threshold", type=int, help="counts below it are not printed")
        build.add_argument("--two-way", choices=WAYS, default=ROUNDED,
                           help="how tables of two variables are protected")  # fmt: skip
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
        from havenlight.report import commanded  # noqa: PLC0415 -- NumPy, for this verb alone

        built = commanded.build(given, self._tell)
        told = {"count": built.count, "out": given.out, "files": built.files}
        said = ngettext(
            "%(count)d registration: %(files)d files in %(out)s",
            "%(count)d registrations: %(files)d files in %(out)s",
            built.count,
        )
        self.stdout.write(said % told)
        for sources in built.already:
            said = _(
                "What was published before narrows a count to fewer values than this threshold "
                "asks for: %(sources)s. It may be nobody; this edition adds nothing to it."
            )
            self.stderr.write(said % {"sources": sources})

    def _rebuild(self, given: Namespace) -> None:
        from havenlight.report import building  # noqa: PLC0415 -- as above

        signing.verify(given.edition, given.public_key)
        for name, content in sorted(building.rebuilt(given.edition).items()):
            if (given.edition / name).read_bytes() != content:
                raise MadeOtherwise(name)
        self.stdout.write(_("Rebuilt from its frozen tables: the same bytes."))

    def _tell(self, what: str, share: float) -> None:
        """A bar on a terminal; nothing in a file or a pipe."""
        if sys.stderr.isatty():
            end = "\n" if share >= 1 else ""
            bar = "#" * round(30 * share)
            # Not by Django's own stream, which colours all of it as an error.
            sys.stderr.write(f"\r{what:<48}[{bar:<30}] {share:4.0%}{end}")
            sys.stderr.flush()
