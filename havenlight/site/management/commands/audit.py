"""havenlight audit verify: is every line of the audit as it was written?"""

from django.core.management.base import BaseCommand, CommandParser

from havenlight.audit import queries


class Command(BaseCommand):
    """Checks the chain of the audit; with places noted elsewhere also that its end is there."""

    help = "Check that no line of the audit was removed, changed, moved or cut off."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and what was noted."""
        parser.add_argument("what", choices=["verify"])
        parser.add_argument(
            "--noted",
            action="append",
            default=[],
            metavar="NUMBER:HASH",
            help="what an earlier verify printed; may be given more than once",
        )

    def handle(self, *args: object, noted: list[str], **options: object) -> None:
        """Check, and print the place to note. ChainBroken and NotAPlace end the command."""
        end = queries.check([queries.read_place(text) for text in noted])
        begin = queries.begin()
        self.stdout.write(f"{end.number - begin.number} lines, all as they were written")
        if begin.number:
            self.stdout.write(f"the first {begin.number} were forgotten when their time had passed")
        self.stdout.write(f"note this outside the database: {end}" if end.number else "")
