"""havenlight simulate: a made-up year of the helpline, as tables or in the database."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from havenlight.casework import registrations, versions
from havenlight.casework.codebook import Codebook
from havenlight.casework.errors import SimulationRefused
from havenlight.casework.simulate import Case, simulate
from havenlight.casework.simulation import tables
from havenlight.casework.taking_in import NewCase, NewContact, write


class Command(BaseCommand):
    """Writes contacts and registrations of persons who do not exist."""

    help = "Write simulated contacts and registrations with the published shares of a year."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which years, which draw, and where to."""
        parser.add_argument("--year", type=int, nargs="+", required=True)
        parser.add_argument("--seed", type=int, default=1)
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--out", type=Path, help="a directory for tables")
        where.add_argument("--database", action="store_true", help="this installation's database")

    def handle(
        self, *args: object, year: list[int], seed: int, out: Path | None, **options: object
    ) -> None:
        """Simulate each year once, and write all of it together."""
        codebook = versions.newest()
        cases = [case for each in sorted(set(year)) for case in simulate(each, seed, codebook)]
        if out:
            tables.write(out, cases, codebook, seed)
        else:
            _to_database(cases, codebook, set(year))
        self.stdout.write(f"{len(cases)} simulated registrations: {out or 'in the database'}")


def _to_database(cases: list[Case], codebook: Codebook, years: set[int]) -> None:
    """Write persons marked as simulated, or raise SimulationRefused: a year twice counts twice."""
    if there := sorted(years.intersection(registrations.years(simulated=True))):
        raise SimulationRefused(f"{there[0]} is simulated in this database already")
    # On each of these days she had one conversation.
    new = [
        NewCase(tuple(NewContact(day, 1) for day in case.contacted_on), case.answers)
        for case in cases
    ]
    write(new, codebook, simulated=True, by=None)
