"""havenlight serve: run one process of the helpline."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from havenlight.site import server
from havenlight.team import queries as team


class Command(BaseCommand):
    """Serves pages and streams until it is told to stop."""

    help = "Serve the helpline from this process."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: object, host: str, port: int, **options: object) -> None:
        """Check the installation, then serve."""
        self.check(databases=["default"])
        if _are_tables_old():
            raise CommandError(
                "The database is not that of this release. Run: havenlight migrate, then serve."
            )
        team.organisation()
        server.serve(host, port)


def _are_tables_old() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
