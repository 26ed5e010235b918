"""havenlight registrations: check or import a spreadsheet, or export a year for a purpose."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from havenlight.audit import actions as audit
from havenlight.casework import exporting, importing, versions
from havenlight.casework.errors import ImportRefused
from havenlight.casework.mapping import Mapping, of_our_own, read_mapping
from havenlight.casework.problems import TOLD, write_all
from havenlight.casework.taking_in import write
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
            below.add_argument("--problems", type=Path, help="a new CSV file for all problems")
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
        mapping = _mapping(given["mapping"])
        mapping = replace(mapping, simulated=simulated or mapping.simulated)
        found = self._checked(Path(str(given["file"])), mapping, given["problems"])
        if verb == "check":
            self.stdout.write(f"no problem; {len(found)} persons would be imported")
            return
        count = write(found.cases(), mapping.codebook, simulated=mapping.simulated, by=None)
        self.stdout.write(f"imported: {count} persons")

    def _checked(self, file: Path, mapping: Mapping, all_to: object) -> importing.Found:
        listing = partial(write_all, all_to) if isinstance(all_to, Path) else iter
        found = importing.read(file, mapping, listing)
        for line in found.problems.told():
            self.stderr.write(line)
        if count := len(found.problems):
            if count > TOLD and listing is iter:
                self.stderr.write("each of them as a row of a file: --problems FILE.csv")
            raise ImportRefused(f"{count} problems in {file.name}; nothing was imported")
        return found

    def _export(self, year: int, purpose: str, days: object, simulated: bool) -> None:  # noqa: FBT001 -- as the command was given it
        expires_on = date.today() + timedelta(days=int(str(days)))  # noqa: DTZ011 -- days
        directory = settings.DATA_DIR / "exports" / f"{year}-{uuid4().hex[:8]}"
        export = exporting.Export(year, purpose, expires_on, simulated)
        organisation = team.organisation()
        with transaction.atomic():
            count = exporting.write(directory, versions.newest(), export)
            reason = f"{count} registrations of {year}, until {expires_on}: {purpose}"
            audit.record(None, "exported", organisation, reason[:300])
        self.stdout.write(f"exported: {count} registrations\nwritten: {directory}")


def _mapping(given: object) -> Mapping:
    return read_mapping(given) if isinstance(given, Path) else of_our_own(versions.newest().version)
