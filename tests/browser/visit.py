"""The visitor's page as she uses it, and a counsellor who answers from beside the browser."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Self

from marionette_driver.marionette import Marionette
from playwright.sync_api import Locator, Page, expect

from havenlight.client import (
    Event,
    Link,
    Member,
    Message,
    Presence,
    Queue,
    ReadUpTo,
    State,
    organisation_of,
)
from havenlight.client.conversation import Conversation, Entry
from havenlight.client.member import cookie_jar
from tests.browser.background import Background
from tests.browser.desk import until

STORED = "t"
"""The one name under which the page stores anything, and only while she looks elsewhere."""

HIDE = "dispatchEvent(new Event('pagehide'))"
"""Has a page store what a reload needs, as it does when it goes."""

WOULD_STORE = f"""() => {{
  {HIDE}
  const stored = sessionStorage.length
  document.dispatchEvent(new Event("visibilitychange"))
  return stored
}}"""
"""Whether a reload would come back to a chat: the server has it."""

TOLD = f"{HIDE}; const stored = sessionStorage.{STORED}; sessionStorage.clear(); return stored"
"""What a page would store, taken from it before a browser could write it down."""

HELD = "navigator.locks.query().then(({ held }) => held.map(({ name }) => name))"
"""The conversations that the tabs of a browser hold."""


def held_in_firefox(firefox: Marionette) -> list[str]:
    """The conversations that the tabs of a Firefox hold."""
    found: list[str] = firefox.execute_async_script(f"{HELD}.then(arguments[0])")
    return found


class Visit:
    """The page in one tab, in Dutch or English."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._conv = ""

    def open(self, path: str = "/") -> Self:
        """Load the page, and wait until its button works."""
        self.page.goto(path)
        expect(self.page.locator("body[data-ready]")).to_be_visible()
        return self

    def begin(self) -> Self:
        """Press the button, and wait until the server has the conversation."""
        with self.page.expect_response("**/chat/start") as started:
            self.part("begin").click()
        self._conv = started.value.request.post_data_json["conv"]
        self.page.wait_for_function(WOULD_STORE)
        return self

    @property
    def conv(self) -> str:
        """The conversation of this tab."""
        if not self._conv:
            [self._conv] = self.page.evaluate(HELD)
        return self._conv

    def part(self, name: str) -> Locator:
        """An element by what it is for."""
        return self.page.locator(f"[data-part={name}]")

    @property
    def box(self) -> Locator:
        """Where she writes."""
        return self.part("text")

    def say(self, *texts: str) -> None:
        """Write and send one after the other."""
        for text in texts:
            self.box.fill(text)
            self.part("composer").get_by_role("button").click()

    @property
    def texts(self) -> Locator:
        """What was said, by both."""
        return self.part("log").locator(".text")

    @property
    def states(self) -> Locator:
        """Below each of her own messages: what became of it."""
        return self.part("log").locator(".hers .state")


@dataclass
class Counsellor:
    """A member without a browser, who takes in all that comes."""

    member: Member
    background: Background
    events: list[Event] = field(default_factory=list)

    def accept(self, conv: str) -> None:
        """Take a waiting conversation."""
        self.background.run(self.member.accept(conv))

    def say(self, conv: str, *texts: str) -> None:
        """Say one after the other."""
        for text in texts:
            self.background.run(self.member.say(conv, text))

    def read(self, conv: str, seq: int) -> None:
        """Say how far she has read."""
        self.background.run(self.member.read(conv, seq))

    def type(self, conv: str) -> None:
        """Show that she types."""
        self.background.run(self.member.typing(conv))

    def end(self, conv: str) -> None:
        """End a conversation."""
        self.background.run(self.member.end(conv))

    def drop(self) -> None:
        """Lose the stream, as a dead network would."""

        async def close() -> None:
            self.member.close()

        self.background.run(close())

    def heard(self, conv: str) -> list[str | None]:
        """What the visitor said, in the order of the stream."""
        return [
            event.text
            for event in list(self.events)
            if isinstance(event, Message) and event.conv == conv and not event.is_mine
        ]

    def hears(self, conv: str, *texts: str) -> None:
        """Wait until the visitor said exactly this, and nothing twice."""
        until(lambda: len(self.heard(conv)) >= len(texts))
        assert self.heard(conv) == list(texts)

    def misses(self, conv: str) -> None:
        """Wait until she is told that the visitor is away: no page of hers listens any more."""
        until(lambda: any(
            isinstance(event, Presence) and (event.conv, event.who, event.on) == (conv, "v", False)
            for event in list(self.events)
        ))  # fmt: skip

    def told(self, conv: str) -> list[tuple[str, str | None]]:
        """The states of a conversation and who brought it there, as they came."""
        return [
            (event.state, event.by)
            for event in list(self.events)
            if isinstance(event, State) and event.conv == conv
        ]

    def read_to(self, conv: str) -> int:
        """How far the visitor has read."""
        marks = [
            event.seq
            for event in list(self.events)
            if isinstance(event, ReadUpTo) and event.conv == conv and event.who == "v"
        ]
        return max(marks, default=0)

    def waiting(self, conv: str) -> dict[str, object] | None:
        """What the queue says of a conversation now."""
        queues = [event for event in list(self.events) if isinstance(event, Queue)]
        rows = queues[-1].waiting if queues else []
        return next((row for row in rows if row["conv"] == conv), None)

    def conversation(self, conv: str) -> Conversation:
        """The keys and counters of a conversation, for what a good client never does."""
        return self.member._live.conversations[conv]

    def post(self, conv: str, entry: Entry) -> None:
        """Post a message as it is."""
        self.background.run(self.member._live.post(conv, "m", entry.as_json()))


class Counselling:
    """A counsellor's shift: signs in at the start, and lets go of everything in the end."""

    def __init__(self, address: str, sign_in: dict[str, str]) -> None:
        self._background = Background()
        self._address = address
        self._sign_in = sign_in

    def __enter__(self) -> Counsellor:
        self.counsellor = self._background.run(self._begin())
        until(lambda: self.counsellor.events)
        return self.counsellor

    def __exit__(self, *_: object) -> None:
        self._background.run(self._end())
        self._background.close()

    async def _begin(self) -> Counsellor:
        self._link = await Link(self._address, cookies=cookie_jar()).__aenter__()
        member = await Member.sign_in(self._link, self._sign_in["email"], self._sign_in["password"])
        organisation = await organisation_of(self._link)
        await member.unlock(self._sign_in["phrase"], organisation, allow_demo=True)
        counsellor = Counsellor(member, self._background)
        self._listening = asyncio.create_task(self._listen(counsellor))
        return counsellor

    async def _listen(self, counsellor: Counsellor) -> None:
        async for event in counsellor.member:
            counsellor.events.append(event)

    async def _end(self) -> None:
        self._listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listening
        self.counsellor.member.close()
        await self._link.__aexit__(None, None, None)


def talk(visit: Visit, counsellor: Counsellor) -> str:
    """Begin a chat that the counsellor accepts."""
    visit.open().begin()
    conv = visit.conv
    counsellor.accept(conv)
    expect(visit.part("queue")).to_be_hidden()
    return conv
