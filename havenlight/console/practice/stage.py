"""Where made-up visitors live: one thread of this process, beside those that serve."""

import asyncio
import logging
import threading
from functools import cache
from uuid import UUID

from django.conf import settings

from havenlight.console.practice.scripts import Story
from havenlight.core.errors import HavenlightError

log = logging.getLogger(__name__)


def begin(conversation_id: UUID, story: Story, language: str) -> None:
    """Let a made-up visitor come, who tells `story`; returns at once.

    She comes in from outside as any visitor does, so this server must reach its own address, the
    first of ORIGINS. When the process ends she is gone, and her conversation closes by grace.
    """
    coming = _come(conversation_id.hex, story, language)
    asyncio.run_coroutine_threadsafe(coming, _loop())


async def _come(conv: str, story: Story, language: str) -> None:
    # A client of our own protocol, which is slow to load: no process waits for it that never plays.
    from havenlight.console.practice.play import Pace, Told, play  # noqa: PLC0415 -- as just said

    address = settings.ORIGINS[0]
    try:
        await play(address, conv, Told(story, language), allow_demo=settings.DEMO, pace=Pace())
    except HavenlightError as error:
        log.warning("practice ended early: %s", type(error).__name__)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="practice", daemon=True).start()
    return loop
