"""People at a real server: visitors and members, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TypeVar

from aiohttp.abc import AbstractCookieJar

from havenlight.client import (
    Event,
    Link,
    Member,
    Message,
    OpenKeys,
    Queue,
    State,
    Visitor,
    cookie_jar,
    organisation_of,
)
from tests.servers.installation import Installation

E = TypeVar("E", bound=Event)
Events = AsyncIterator[Event]
Tab = tuple[AbstractCookieJar, str, OpenKeys]

_TABS: dict[tuple[str, int], Tab] = {}


class People:
    """Brings visitors and members to one installation, and takes them away after the test.

    On several processes each comes in by the next one, so that what they say crosses over.
    """

    def __init__(self, installation: Installation, stack: AsyncExitStack) -> None:
        self.installation = installation
        self.organisation = b""
        self._stack = stack
        self._came = 0

    async def link(self, cookies: AbstractCookieJar | None = None) -> Link:
        """A link of one person's own."""
        addresses = self.installation.addresses
        address = addresses[self._came % len(addresses)]
        self._came += 1
        link = await self._stack.enter_async_context(Link(address, cookies=cookies))
        self.organisation = self.organisation or await organisation_of(link)
        return link

    async def visitor(self) -> Visitor:
        """A visitor who waits."""
        link = await self.link()
        visitor = await Visitor.start(link, self.organisation, allow_demo=True)
        self._stack.callback(visitor.close)
        return visitor

    async def reloaded(self, visitor: Visitor) -> Visitor:
        """The same visitor, in a tab that has nothing but its secret."""
        again = await Visitor.reload(await self.link(), visitor.conv, visitor.secret)
        self._stack.callback(again.close)
        return again

    async def member(self, number: int = 0) -> Member:
        """Anna (0) or Bram (1), in a tab of her own.

        She signed in and gave her phrase once for all tests, because both are slow on purpose.
        """
        who = (self.installation.address, number)
        if who not in _TABS:
            _TABS[who] = await self.sign_in(number)
        cookies, csrf, keys = _TABS[who]
        member = Member(await self.link(cookies), csrf, keys)
        self._stack.callback(member.close)
        await member.take_up()
        return member

    async def sign_in(self, number: int) -> Tab:
        """Sign a member in, and give her phrase."""
        cookies, types = cookie_jar(), self.installation.sign_ins[number]
        member = await Member.sign_in(await self.link(cookies), types["email"], types["password"])
        await member.unlock(types["phrase"], self.organisation, allow_demo=True)
        assert member.keys
        return cookies, member.csrf, member.keys

    async def talking(self) -> tuple[Visitor, Member]:
        """A visitor and Anna, who accepted her."""
        anna, visitor = await self.member(), await self.visitor()
        await anna.accept(visitor.conv)
        self._stack.push_async_callback(anna.end, visitor.conv)
        return visitor, anna


async def until(events: Events, kind: type[E], wanted: Callable[[E], object] = bool) -> E:
    """The first event of this kind that is wanted, within a minute."""
    async with asyncio.timeout(60):
        async for event in events:
            if isinstance(event, kind) and wanted(event):
                return event
    raise AssertionError("the events ended")


async def texts(events: Events, conv: str, count: int) -> list[str | None]:
    """The texts of the next messages of a conversation, before none of which one is missing."""
    found = []
    for _ in range(count):
        message = await until(events, Message, lambda one: one.conv == conv)
        assert not message.reading.missing
        found.append(message.text)
    return found


async def waits_in(member: Member, conv: str) -> None:
    """Return once the conversation is in the queue that the member sees."""
    await until(member, Queue, lambda queue: any(one["conv"] == conv for one in queue.waiting))


async def state(events: Events, conv: str, wanted: str) -> State:
    """The event that says that a conversation is in this state."""
    return await until(events, State, lambda one: (one.conv, one.state) == (conv, wanted))


async def at_once(*work: Awaitable[object]) -> list[object]:
    """What all of it returns or raises."""
    return await asyncio.gather(*work, return_exceptions=True)
