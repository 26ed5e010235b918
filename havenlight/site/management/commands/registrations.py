"""havenlight registrations: check or import a spreadsheet, or export a year for a purpose."""

from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from havenlight.audit import actions as audit
from havenlight.casework import actions, exporting, importing, versions
from havenlight.casework.errors import ImportRefused
from havenlight.casework.mapping import Mapping, of_our_own, read_mapping
from havenlight.team import queries as team


class Command(BaseCommand):
    """`check` is the dry run of `import`; both tell every problem by row and column."""

    help = "Check, import or export registrations."

    def add_arguments(self, parser: CommandParser) -> None:
        """One of three verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb in ("check", "import"):
            below = verbs.add_parser(verb)
            below.add_argument("file", type=Path)
            below.add_argument("--mapping", type=Path, help="TOML; without it, one of our exports")
            below.add_argument("--simulated", action="store_true", help="mark them as made up")
        export = verbs.add_parser("export")
        export.add_argument("--year", type=int, required=True)
        export.add_argument("--purpose", required=True, help="kept in the audit")
        export.add_argument("--days", type=int, default=30, help="after which it is erased")
        export.add_argument("--simulated", action="store_true")

    def handle(self, *args: object, verb: str, simulated: bool, **given: object) -> None:
        """Do what the verb says."""
        if verb == "export":
            self._export(int(str(given["year"])), str(given["purpose"]), given["days"], simulated)
            return
        cases = self._checked(Path(str(given["file"])), _mapping(given["mapping"]))
        if verb == "check":
            self.stdout.write(f"no problem; {len(cases)} persons would be imported")
            return
        book = _mapping(given["mapping"]).codebook
        count = actions.write(cases, book, simulated=simulated, by=None)
        self.stdout.write(f"imported: {count} persons")

    def _checked(self, file: Path, mapping: Mapping) -> list[actions.NewCase]:
        cases, problems = importing.read(file, mapping)
        for problem in problems:
            self.stderr.write(str(problem))
        if problems:
            raise ImportRefused(f"{len(problems)} problems in {file.name}; nothing was imported")
        return cases

    def _export(self, year: int, purpose: str, days: object, simulated: bool) -> None:  # noqa: FBT001 -- as the command was given it
        expires_on = date.today() + timedelta(days=int(str(days)))  # noqa: DTZ011 -- days
        directory = settings.DATA_DIR / "exports" / f"{year}-{uuid4().hex[:8]}"
        export = exporting.Export(year, purpose, expires_on, simulated)
        with transaction.atomic():
            count = exporting.write(directory, versions.newest(), export)
            reason = f"{count} registrations of {year}, until {expires_on}: {purpose}"
            audit.record(None, "exported", team.organisation(), reason[:300])
        self.stdout.write(f"exported: {count} registrations\nwritten: {directory}")


def _mapping(given: object) -> Mapping:
    return read_mapping(given) if isinstance(given, Path) else of_our_own(versions.newest().version)
