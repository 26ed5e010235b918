"""Visitors and a member who talk by the product's own client, whatever happens to the server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from havenlight.client import Member, Message, Visitor
from tests.integration.client.people import People


@dataclass
class Talk:
    """One conversation, and the `seq` at which each text was acknowledged."""

    visitor: Visitor
    member: Member | None = None
    kept: dict[int, str] = field(default_factory=dict)

    async def say_until(self, enough: asyncio.Event) -> None:
        """Both sides go on speaking, sending again until they are answered."""
        number = 0
        while not enough.is_set():
            number += 1
            text = f"visitor {number}"
            self._take((await self.visitor.say(text)).seq, text)
            if self.member:
                text = f"member {number}"
                self._take((await self.member.say(self.visitor.conv, text)).seq, text)

    def _take(self, seq: int, text: str) -> None:
        assert seq not in self.kept, "two messages were acknowledged at one place"
        self.kept[seq] = text


async def check_nothing_is_lost(people: People, talk: Talk) -> None:
    """A tab that opens the conversation anew reads exactly what was acknowledged, in that order."""
    fresh = await people.reloaded(talk.visitor)
    read: dict[int, str | None] = {}
    async with asyncio.timeout(30):
        while len(read) < len(talk.kept):
            event = await anext(fresh.events)
            if isinstance(event, Message):
                assert not event.reading.missing
                read[event.reading.seq] = event.text
    assert list(read) == list(range(1, len(talk.kept) + 1))
    assert read == talk.kept


async def make_talks(people: People, count: int) -> list[Talk]:
    """Conversations, of which Anna has accepted every second."""
    anna = await people.member()
    talks = [Talk(await people.visitor()) for _ in range(count)]
    for talk in talks[::2]:
        await anna.accept(talk.visitor.conv)
        talk.member = anna
    return talks


@asynccontextmanager
async def talking(people: People, count: int) -> AsyncIterator[None]:
    """Conversations that go on meanwhile; afterwards every one of them must be whole."""
    talks, enough = await make_talks(people, count), asyncio.Event()
    speaking = asyncio.gather(*(talk.say_until(enough) for talk in talks))
    await asyncio.sleep(0.3)
    yield
    await asyncio.sleep(0.3)
    enough.set()
    async with asyncio.timeout(60):
        await speaking
    for talk in talks:
        assert len(talk.kept) > 1
        await check_nothing_is_lost(people, talk)
