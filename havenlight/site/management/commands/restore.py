"""havenlight restore: a backup, without what was erased since."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from havenlight.retention import actions, backup, ledger
from havenlight.retention.errors import BackupRefused
from havenlight.site import server


class Command(BaseCommand):
    """Restores a backup, brings its tables up to date, and erases again what was erased."""

    help = "Put a backup back; nothing may serve meanwhile."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """What to restore, and where the ledger is."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--ledger", dest="known", type=Path, help="the ledger of the lost installation"
        )
        parser.add_argument(
            "--without-ledger",
            action="store_true",
            help="accept that what was erased since the backup comes back",
        )

    def handle(
        self, *args: object, file: Path, known: Path | None, without_ledger: bool, **_: object
    ) -> None:
        """Restore under the lock of who serves, then forget again."""
        others = _ledgers(file, known, without=without_ledger)
        with server.nobody_serves():
            backup.restore(file)
            backup.gather_ledgers(*others)
            call_command("migrate", verbosity=0)
            count = actions.forget_again()
        self.stdout.write(f"restored: {file}\nerased again: {count}")


def _ledgers(file: Path, given: Path | None, *, without: bool) -> list[Path]:
    if given is not None and not given.exists():
        raise BackupRefused(f"there is no ledger at {given}")
    if not (given or without or settings.ERASURE_LEDGER.exists()):
        raise BackupRefused(
            "what was erased since the backup is not known here; give --ledger FILE, or accept "
            "with --without-ledger that it comes back"
        )
    return [ledger.beside(file), *([given] if given else [])]
