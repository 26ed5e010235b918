"""2,000 false starts in a minute from five addresses, and how long a start takes who means it."""

import asyncio
import secrets
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import aiohttp

from bench import sides
from bench.figures import Figures, less_is_better
from havenlight.core import work
from havenlight.core.ids import new_id
from havenlight.core.seal.encoding import b64

# Those that Havenlight comes with; installations for tests have none.
_LIMITS = {"START_BURST": "20", "START_PER_MINUTE": "20"}
_FLOODING = [f"192.0.2.{number}" for number in range(1, 6)]
_FALSE_STARTS = 2_000
_SECONDS = 60
_REAL_EVERY_SECONDS = 3


class _Site:
    """Starts at a server, each from the address that it is told to come from."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._path = f"{address}/chat/start"
        self._origin = address

    async def start(self, of: str, **headers: str) -> tuple[int, dict[str, object]]:
        """Begin a chat; the answer's status and fields."""
        told = {"Origin": self._origin, "X-Havenlight-Peer": of, **headers}
        async with self._session.post(self._path, json=_beginning(), headers=told) as answer:
            fields: dict[str, object] = await answer.json()
            return answer.status, fields

    async def falsely(self, place: int) -> int:
        """The start of that place in the minute."""
        await asyncio.sleep(place * _SECONDS / _FALSE_STARTS)
        return (await self.start(_FLOODING[place % len(_FLOODING)]))[0]

    async def really(self, place: int) -> float:
        """Seconds until one who means it has a chat: every other one shares a flooding address."""
        await asyncio.sleep(place * _REAL_EVERY_SECONDS)
        of = _FLOODING[0] if place % 2 else f"198.51.100.{place}"
        began = time.monotonic()
        status, fields = await self.start(of)
        if status == 429:
            done = await asyncio.to_thread(work.do, **fields["work"])  # type: ignore[arg-type] # as the protocol has it
            status, fields = await self.start(of, **{"X-Havenlight-Work": done})
        if status != 200:
            raise RuntimeError(f"a real visitor was answered {status}")
        return time.monotonic() - began


async def _flood(address: str) -> tuple[Counter[int], list[float]]:
    async with aiohttp.ClientSession() as session:
        site = _Site(session, address)
        false = asyncio.gather(*map(site.falsely, range(_FALSE_STARTS)))
        real = await asyncio.gather(*map(site.really, range(_SECONDS // _REAL_EVERY_SECONDS)))
        return Counter(await false), real


def _beginning() -> dict[str, object]:
    """Of the right form; nobody can read what follows."""
    wrap, tab_key, half = (b64(secrets.token_bytes(size)) for size in (113, 32, 32))
    return {
        "conv": new_id(),
        "epoch": 1,
        "wrap": wrap,
        "tab_key": tab_key,
        "half": half,
        "lang": "nl",
    }


def _files_with_an_address(directory: Path) -> int:
    kept = [path.read_bytes() for path in directory.rglob("*") if path.is_file()]
    return sum(any(one.encode() in content for one in _FLOODING) for content in kept)


def _conversations(directory: Path) -> int:
    [path] = directory.rglob("*.sqlite3")
    with closing(sqlite3.connect(path)) as database:
        [count] = database.execute("SELECT count(*) FROM chat_conversation").fetchone()
    return int(count)


def measure() -> Figures:
    """On SQLite with the limits that Havenlight comes with."""
    with sides.havenlight("sqlite", 0, 1, _LIMITS) as side:
        answers, real = asyncio.run(_flood(side.address))
        written = _conversations(side.directory) - answers[200] - len(real)
        kept = _files_with_an_address(side.directory)
    return {
        "flood_slowest_start": less_is_better(max(real), "s", goal=5),
        "flood_false_chats": less_is_better(answers[200], "of 2,000"),
        "flood_rows_beside_them": less_is_better(written, "rows", goal=0),
        "flood_files_with_an_address": less_is_better(kept, "files", goal=0),
    }
