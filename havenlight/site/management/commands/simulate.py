"""havenlight simulate: a made-up year of the helpline, as tables."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from havenlight.casework import versions
from havenlight.casework.simulate import simulate
from havenlight.casework.simulation import tables


class Command(BaseCommand):
    """Writes contacts and registrations of persons who do not exist."""

    help = "Write simulated contacts and registrations with the published shares of a year."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which years, which draw, and where to."""
        parser.add_argument("--year", type=int, nargs="+", required=True)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--out", type=Path, required=True)

    def handle(
        self, *args: object, year: list[int], seed: int, out: Path, **options: object
    ) -> None:
        """Simulate each year once, and write all of it together."""
        codebook = versions.newest()
        cases = [case for each in sorted(set(year)) for case in simulate(each, seed, codebook)]
        tables.write(out, cases, codebook, seed)
        self.stdout.write(f"{len(cases)} simulated registrations: {out}")
