"""havenlight backup: the database into one file, with the ledger of erasures beside it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from havenlight.retention import backup, ledger


class Command(BaseCommand):
    """Makes a backup while people talk."""

    help = "Write a backup of the database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **_: object) -> None:
        """Write it, and say what must go with it."""
        backup.make(file)
        self.stdout.write(f"written: {file}\nkeep with it: {ledger.beside(file)}")
