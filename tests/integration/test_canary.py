"""Nothing that tells who someone is, and nothing that was said, stays behind anywhere.

A whole conversation goes through nginx with our shipped configuration, by people who can be
recognised in all that they send; then everything that any part has written is searched for it.
"""

import asyncio
import json
import secrets
import sqlite3
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import aiohttp
import psycopg
import pytest

from havenlight.client import Link, Member, Message, ServerRefused, Visitor, organisation_of
from havenlight.core.ids import new_id
from havenlight.core.seal import code, tab
from tests.integration.canary import files_below, forms, sightings
from tests.integration.client.people import state, texts, until
from tests.servers.installation import Installation
from tests.servers.nginx import Nginx
from tests.servers.process import free_port

ADDRESS = "127.0.0.77"
PASSED_ON = "203.0.113.77"


@dataclass
class Canaries:
    """What may be recognised, unlike anything else there is."""

    agent: str = field(default_factory=lambda: f"agent-{secrets.token_hex(8)}")
    page: str = field(default_factory=lambda: f"page-{secrets.token_hex(8)}")
    words: str = field(default_factory=lambda: f"words-{secrets.token_hex(8)}")
    secrets: list[bytes] = field(default_factory=list)

    def headers(self) -> dict[str, str]:
        """All that a browser or a proxy in between could tell."""
        return {
            "User-Agent": self.agent,
            "Referer": f"https://{self.page}.example/",
            "X-Forwarded-For": PASSED_ON,
            "X-Real-IP": PASSED_ON,
            "Forwarded": f"for={PASSED_ON}",
            "Via": f"1.1 {self.page}",
            "True-Client-IP": PASSED_ON,
            "CF-Connecting-IP": PASSED_ON,
            "X-Havenlight-Peer": PASSED_ON,
            "Sec-CH-UA": self.agent,
        }

    def all(self) -> list[bytes]:
        """Everything to look for."""
        words = (self.agent, self.page, self.words, ADDRESS, PASSED_ON)
        return [*(word.encode() for word in words), *self.secrets]


class RecognisedLink(Link):
    """Connections of someone who can be recognised."""

    def __init__(self, address: str, canaries: Canaries) -> None:
        super().__init__(address, cookies=aiohttp.CookieJar(unsafe=True))
        self._canaries = canaries

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        assert self._session
        await self._session.connector.close()
        self._session._connector = aiohttp.TCPConnector(local_addr=(ADDRESS, 0))
        self._session.headers.update(self._canaries.headers())
        return self


async def talk(address: str, installation: Installation, canaries: Canaries) -> None:
    """A whole conversation: waiting, taps, both speaking, a reload, a drop, and the exit."""
    async with RecognisedLink(address, canaries) as hers, RecognisedLink(address, canaries) as his:
        organisation = await organisation_of(hers)
        types = installation.sign_ins[1]
        bram = await Member.sign_in(his, types["email"], types["password"])
        await bram.unlock(types["phrase"], organisation, allow_demo=True)
        visitor = await Visitor.start(hers, organisation, allow_demo=True)
        canaries.secrets += [
            visitor.secret,
            tab.credential(visitor.secret, visitor.conv),
            types["password"].encode(),
            types["phrase"].encode(),
        ]
        words = await visitor.take_code(organisation)
        taken = code.stretch(words, organisation)
        canaries.secrets += [words.encode(), taken.lookup, taken.key]
        await visitor.tap(for_whom="self", in_danger=True, under_18=True)
        await visitor.say(f"{canaries.words} 1")
        await bram.accept(visitor.conv)
        await bram.typing(visitor.conv)
        kept = await bram.say(visitor.conv, f"{canaries.words} 2")
        again = await Visitor.reload(hers, visitor.conv, visitor.secret)
        assert await texts(again.events, visitor.conv, 2) == [
            f"{canaries.words} {n}" for n in (1, 2)
        ]
        await again.read(kept.seq)
        again.drop()
        await again.say(f"{canaries.words} 3")
        told = await until(bram, Message, lambda one: one.text == f"{canaries.words} 3")
        assert not told.reading.missing
        await again.leave("exit")
        await state(bram, visitor.conv, "ended")
        await write_without_scripts(hers, canaries)
        await misbehave(hers, address, canaries)
        for one in (visitor, again, bram):
            one.close()


async def write_without_scripts(link: Link, canaries: Canaries) -> None:
    """The way on which the server itself seals: there her words do come by."""
    await link.submit("/plain/start", {"lang": "en"})
    canaries.secrets += [cookie.value.encode() for cookie in link._session.cookie_jar]
    for text in (f"{canaries.words} 4", f"{canaries.words} too long {'x' * 2_000}"):
        await link.submit("/plain/write", {"id": new_id(), "text": text})
    assert f"{canaries.words} 4" in await link.page("/live/plain?still")
    with pytest.raises(ServerRefused):
        await link.submit("/plain/write", {"id": canaries.words, "text": canaries.words})
    with pytest.raises(ServerRefused):
        await link.submit("/plain/taps", {"for_whom": canaries.words})


async def misbehave(link: Link, address: str, canaries: Canaries) -> None:
    """What goes wrong is where logs speak up: wrong paths, bodies, passwords, hosts and tokens."""
    words = canaries.words
    for path, body in (
        (f"/live/conv/{words}/m", {"env": words}),
        ("/chat/start", {"conv": words}),
        ("/chat/token", {"conv": "0" * 32, "tab_key": words}),
        (f"/{words}?{words}={words}", {words: words}),
        ("/chat/taps", {words: words}),
    ):
        with pytest.raises(ServerRefused):
            await link.post(path, body, {"Authorization": f"Bearer {words}"})
    connector = aiohttp.TCPConnector(local_addr=(ADDRESS, 0))
    async with aiohttp.ClientSession(connector=connector, headers=canaries.headers()) as session:
        for given in (
            {"url": f"{address}/team/sign-in", "data": {"login": words, "password": words}},
            {"url": f"{address}/", "headers": {"Host": f"{words}.example"}},
            {"url": f"{address}/live/events?since={words}", "headers": {"Cookie": words}},
            {"url": f"{address}/chat/start", "data": b"{" + words.encode() * 2_000},
        ):
            async with session.post(**given) as response:
                assert response.status >= 400
                assert words.encode() not in await response.read()


class Watched:
    """All that a Redis is told, as it says itself (MONITOR)."""

    def __init__(self) -> None:
        self.traffic = bytearray()

    @asynccontextmanager
    async def over(self, port: int) -> AsyncIterator[None]:
        """Listen meanwhile."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"MONITOR\r\n")
        await reader.readline()
        listening = asyncio.create_task(self._listen(reader))
        try:
            yield
            await asyncio.sleep(0.2)
        finally:
            writer.close()
            await writer.wait_closed()
            await listening

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while piece := await reader.read(2**16):
            self.traffic += piece


def envelopes(installation: Installation) -> list[bytes]:
    """What is kept of the conversation, as it is kept."""
    select = "SELECT envelope FROM chat_message"
    if installation.store == "sqlite":
        with closing(sqlite3.connect(installation.database)) as database:
            return [bytes(row[0]) for row in database.execute(select)]
    with psycopg.connect(installation.environment["DATABASE_URL"]) as connection:
        return [bytes(row[0]) for row in connection.execute(select)]


def everything_written(installation: Installation, nginx: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of database, logs and proxy; what Redis holds; but not the demo's own sign-ins."""
    for name, content in files_below(installation.directory, nginx):
        if not name.endswith("demo-sign-in.json"):
            yield name, content
    if installation.postgres:
        installation.postgres.execute("CHECKPOINT")
        yield from files_below(installation.postgres.directory)
    if installation.redis:
        for key, value in installation.redis.contents().items():
            yield "redis", key + value


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
async def test_a_whole_conversation_leaves_no_trace_of_who_spoke_or_what_was_said(
    new_installation: Callable[..., Installation], tmp_path: Path, store: str
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    installation = new_installation(store, origins=(address,))
    behind = [int(one.rpartition(":")[2]) for one in installation.addresses]
    nginx = Nginx(tmp_path, port, behind, installation.directory)
    canaries, watched = Canaries(), Watched()
    try:
        if installation.redis:
            async with watched.over(installation.redis.port):
                await talk(address, installation, canaries)
        else:
            await talk(address, installation, canaries)
        contents = [
            *everything_written(installation, tmp_path),
            ("MONITOR", bytes(watched.traffic)),
        ]
    finally:
        nginx.close()
    check_the_search_would_find(installation, contents)
    assert sightings(canaries.all(), contents) == []


def check_the_search_would_find(
    installation: Installation, contents: list[tuple[str, bytes]]
) -> None:
    """The sealed bytes of the conversation are where they may be, so these are the right places."""
    kept = envelopes(installation)
    assert len(kept) == 4
    for sealed in kept:
        found = sightings([sealed], contents)
        assert any(" as raw in " in one for one in found)
        if installation.redis:
            encoded = urlsafe_b64encode(sealed).rstrip(b"=")
            assert encoded in dict(contents)["MONITOR"]
    names = json.dumps([name for name, _ in contents])
    for log in ("server-0.log", "nginx.log"):
        assert log in names


@pytest.mark.parametrize("form", forms(b"x" * 9))
@pytest.mark.parametrize(
    "canary",
    [b"words-1234567890", ADDRESS.encode(), bytes(range(32))],
    ids=["words", "address", "bytes"],
)
def test_the_search_finds_a_canary_that_was_planted(
    tmp_path: Path, canary: bytes, form: str
) -> None:
    around = secrets.token_bytes(10_000)
    planted = tmp_path / "deep" / "copied.sqlite3-wal"
    planted.parent.mkdir()
    planted.write_bytes(around)
    assert sightings([canary], files_below(tmp_path)) == []
    planted.write_bytes(around + forms(canary)[form] + around)
    assert f"{canary!r} as {form} in {planted}" in sightings([canary], files_below(tmp_path))


@pytest.mark.parametrize("shift", range(3))
def test_the_search_finds_base64_of_more_than_the_canary(tmp_path: Path, shift: int) -> None:
    text = b"x" * shift + ADDRESS.encode() + b" and more"
    (tmp_path / "log").write_bytes(b64encode(text))
    assert sightings([ADDRESS.encode()], files_below(tmp_path))
