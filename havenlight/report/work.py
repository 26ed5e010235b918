"""Has editions counted, protected, attacked and printed by a process of its own.

Nothing is written by that process: what comes of it is kept, or not, by whoever asked.
"""

import asyncio
import contextlib
import io
import json
import logging
import os
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from havenlight.figures.columns import Registrations
from havenlight.figures.work import Busy, Failed, Progress, told_by

_ONE_PROCESSOR = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

# One at a time: the attacker and the printing are heavy, and chats come first.
_place = asyncio.Semaphore(1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: the edition's content and what it tells, or an answer to a question."""

    content: str
    told: str


@dataclass(frozen=True, slots=True)
class Printed:
    """The files of an edition, by name."""

    files: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was made: a name in `wording.REFUSALS`, and what it is about."""

    reason: str
    about: str = ""


Event = Progress | Made | Printed | Refused | Busy | Failed


def packed(asked: dict[str, Any], registrations: Registrations | None = None) -> bytes:
    """A request as the process reads it: a line of JSON, then arrays."""
    if registrations is None:
        return json.dumps(asked).encode() + b"\n"
    held = {
        "codebook": registrations.codebook.version,
        "versions": {str(year): each for year, each in registrations.versions.items()},
        "simulated": registrations.simulated,
    }
    arrays = io.BytesIO()
    named: dict[str, Any] = {f"answer-{key}": it for key, it in registrations.answers.items()}
    if registrations.contacts is not None:
        named["contacts"] = registrations.contacts
    np.savez(arrays, years=registrations.years, months=registrations.months, **named)
    line = json.dumps({**asked, "registrations": held}).encode()
    return line + b"\n" + arrays.getvalue()


async def working(request: bytes) -> AsyncIterator[Event]:
    """Do it; the last event is no Progress. Closing the iterator ends the work."""
    if _place.locked():
        yield Busy()
        return
    async with _place:
        files: dict[str, bytes] = {}
        event: Event | None = None
        environment = {**os.environ, **_ONE_PROCESSOR}
        lines = told_by(("havenlight.report.worker",), request, environment)
        async with contextlib.aclosing(lines):
            async for told in lines:
                if told["event"] == "file":
                    files[told["name"]] = b64decode(told["content"])
                    continue
                event = _event(told, files)
                yield event
        if event is None or isinstance(event, Progress):
            _log.error("a report ended without an answer")
            yield Failed()


def _event(told: dict[str, Any], files: dict[str, bytes]) -> Event:
    match told.pop("event"):
        case "made":
            return Made(**told)
        case "printed":
            return Printed(files)
        case "refused":
            return Refused(**told)
        case _:
            return Progress(**told)
