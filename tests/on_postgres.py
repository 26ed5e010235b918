"""Runs pytest with Django's database on a private PostgreSQL, and with a Redis.

usage: python -m tests.on_postgres [what pytest takes]
"""

import os
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.servers.stores import Postgres, Redis


def main() -> int:
    """Run it, and answer as pytest does."""
    with (
        tempfile.TemporaryDirectory() as directory,
        closing(Postgres()) as postgres,
        closing(Redis(Path(directory))) as redis,
    ):
        environment = {"DATABASE_URL": postgres.url(), "REDIS_URL": redis.url}
        return subprocess.run(
            [sys.executable, "-m", "pytest", *sys.argv[1:]],
            env=os.environ | environment,
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
