"""A member at her desk in a browser, and visitors who talk with her from beside it."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from playwright.sync_api import Locator, Page, expect

from havenlight.client import Link, Message, ReadUpTo, State, Typing, Visitor, organisation_of
from tests.browser.background import Background

THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
WAIT_SECONDS = 30
expect.set_options(timeout=WAIT_SECONDS * 1000)


def until(condition: Callable[[], object]) -> None:
    """Wait until `condition` holds; AssertionError when it does not in time."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"it did not happen within {WAIT_SECONDS} s"
        time.sleep(0.02)


def give_phrase(page: Page, phrase: str) -> None:
    """Open a key, once the script of its page listens: before that Enter does nothing."""
    expect(page.locator("[data-part=unlock-button]")).to_be_enabled()
    page.fill("#phrase", phrase)
    page.press("#phrase", "Enter")


class Desk:
    """The desk as a member sees it, in English."""

    def __init__(self, page: Page, sign_in: dict[str, str]) -> None:
        self.page = page
        self._sign_in = sign_in

    def open(self) -> Self:
        """Open the desk of one who is signed in already."""
        self.page.goto("/desk/")
        return self.unlock()

    def sign_in(self) -> Self:
        """Sign in with the password; the key is still closed."""
        self.page.goto("/desk/")
        self.page.fill("[name=login]", self._sign_in["email"])
        self.page.fill("[name=password]", self._sign_in["password"])
        self.page.press("[name=password]", "Enter")
        return self

    def unlock(self) -> Self:
        """Open her key, and wait until the desk is connected."""
        expect(self.page.locator("#phrase")).to_be_focused()
        give_phrase(self.page, self._sign_in["phrase"])
        expect(self.page.locator("[data-line=open]")).to_be_visible()
        return self

    @property
    def queue(self) -> Locator:
        """Who waits."""
        return self.page.locator(".waiting-row")

    @property
    def hers(self) -> Locator:
        """Her conversations in the list."""
        return self.page.locator(".hers-row")

    def pane(self, number: int) -> Locator:
        """A conversation that is on the screen."""
        return self.page.get_by_role("region", name=f"Conversation {number}")

    def row(self, person: "Person") -> Locator:
        """Where `person` waits in the queue."""
        return self.queue.filter(has=self.page.locator(f"#facts-{person.visitor.conv}"))

    def accept(self, person: "Person") -> None:
        """Accept `person`, and wait until the box to write in has the focus."""
        before = self.hers.count()
        self.row(person).get_by_role("button").click()
        expect(self.hers).to_have_count(before + 1)
        expect(self.page.locator("textarea:focus")).to_be_visible()

    def say(self, number: int, text: str) -> None:
        """Write in a conversation that is on the screen."""
        box = self.pane(number).locator("[data-part=text]")
        box.fill(text)
        box.press("Enter")

    def lines(self, number: int) -> list[str]:
        """The texts of a conversation, from the first to the last."""
        return self.pane(number).locator(".message .text").all_inner_texts()


@dataclass
class Person:
    """A visitor who reads along from the moment she starts."""

    visitor: Visitor
    background: Background
    heard: list[str | None] = field(default_factory=list)
    """What both sides said, in the order of the stream."""
    read_up_to: int = 0
    """How far the members have read."""
    state: str = "waiting"
    reader: str | None = None
    """Who reads along."""
    saw_typing: bool = False

    def say(self, *texts: str) -> None:
        """Say one after the other."""
        for text in texts:
            self.background.run(self.visitor.say(text))

    def run(self, work: Any) -> None:
        """Do something else of `visitor`."""
        self.background.run(work)

    def lose_connection(self) -> None:
        """Have no stream any more, as a phone without a network."""
        self.background.run(self._close())

    async def _close(self) -> None:
        self.visitor.close()

    async def listen(self) -> None:
        """Take in all that comes, and say what was read."""
        async for event in self.visitor.events:
            match event:
                case Message():
                    self.heard.append(event.text)
                    await self.visitor.read(event.reading.seq)
                case ReadUpTo(who="c"):
                    self.read_up_to = event.seq
                case Typing():
                    self.saw_typing = True
                case State():
                    self.state, self.reader = event.state, event.reader


class People:
    """Visitors of one installation; in the end all of them leave."""

    def __init__(self, background: Background, address: str) -> None:
        self._background = background
        self._link = Link(address)
        self._all: list[Person] = []
        self._listening: list[asyncio.Task[None]] = []
        background.run(self._link.__aenter__())

    def come(self, *said: str, lang: str = "en", **taps: Any) -> Person:
        """One more visitor, who waits to be accepted."""
        person = self._background.run(self._start(lang, taps))
        person.say(*said)
        return person

    async def _start(self, lang: str, taps: dict[str, Any]) -> Person:
        organisation = await organisation_of(self._link)
        visitor = await Visitor.start(self._link, organisation, allow_demo=True, lang=lang)
        person = Person(visitor, self._background)
        self._all.append(person)
        self._listening.append(asyncio.create_task(person.listen()))
        if taps:
            await visitor.tap(**taps)
        return person

    def leave(self) -> None:
        """All go."""
        for person in self._all:
            self._background.run(person.visitor.leave())
        self._background.run(self._stop())

    async def _stop(self) -> None:
        for task in self._listening:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._link.__aexit__(None, None, None)
