"""How long to wait after failures in a row."""

import asyncio
import random

_FIRST_SECONDS = 0.25
_LONGEST_SECONDS = 30.0


def backoff_seconds(failures: int) -> float:
    """Doubling from a quarter of a second to 30 s, with jitter, so that not all return at once."""
    longest = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2.0 ** min(failures, 10))
    return longest * random.uniform(0.5, 1)  # noqa: S311 -- jitter


async def pause(failures: int, at_least: float | None) -> None:
    """Wait after so many failures, or as long as the server asked for if that is longer."""
    await asyncio.sleep(max(backoff_seconds(failures), at_least or 0))
