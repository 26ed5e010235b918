"""Integration tests run on SQLite, and again on PostgreSQL, by tests/on_postgres.py."""

import os

import pytest

from tests.integration.live.fixtures import *  # noqa: F403 -- pytest finds fixtures by name


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL keep only what uses Django's database; `installation` is on both by itself."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return
    again = [item for item in items if _uses_django_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in again])
    items[:] = again


def _uses_django_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    if "new_installation" in fixtures:
        return False  # also in a file that asks for Django's database for its other tests
    return bool(item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"})
