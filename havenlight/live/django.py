"""Calling the actions and queries of Django from the event loop."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

P = ParamSpec("P")
R = TypeVar("R")


async def in_django(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What `call` answers, on the thread of Django's views, with a connection that is alive.

    Outside a request nobody else would let go of a connection that the database has closed.
    """

    def run() -> R:
        close_old_connections()
        try:
            return call(*args, **kwargs)
        finally:
            close_old_connections()

    return await sync_to_async(run)()
