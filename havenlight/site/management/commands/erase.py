"""havenlight erase: what is due by time, or one conversation by hand."""

from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from havenlight.casework import exporting
from havenlight.retention import actions


class Command(BaseCommand):
    """Erases, bytes included; `--preview` only tells what would go."""

    help = "Erase what is kept long enough, or a conversation by its id."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to erase."""
        parser.add_argument("--preview", action="store_true", help="erase nothing, only count")
        parser.add_argument("--conversation", type=UUID, action="append", metavar="ID")

    def handle(
        self, *args: object, preview: bool, conversation: list[UUID] | None, **_: object
    ) -> None:
        """Erase, and say how much that was."""
        if conversation:
            count = actions.erase_conversations(conversation, "by hand")
            self.stdout.write(f"conversations erased: {count} of {len(conversation)}")
            return
        now = timezone.now()
        for due in actions.preview(now) if preview else actions.erase_due(now):
            said = "due" if preview else "erased"
            self.stdout.write(f"{due.clock:<13} kept {due.days:>5} days  {said}: {due.count}")
        if not preview:
            expired = exporting.erase_expired(settings.DATA_DIR / "exports", now.date())
            self.stdout.write(f"exports past their day, erased: {expired}")
