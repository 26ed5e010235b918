"""Plays a story as a visitor would: by the protocol, at the pace of someone who types."""

import asyncio
import contextlib
from dataclasses import dataclass

from havenlight.client import Link, Message, State, Visitor, organisation_of
from havenlight.console.practice.scripts import FIRST, Story

_GOES_ON = frozenset({"waiting", "active"})


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a made-up visitor is, in seconds."""

    a_character: float = 0.06
    at_most: float = 8
    quiet: float = 5
    """How long the member must have said nothing before the visitor answers."""
    accepted_within: float = 1800
    answered_within: float = 180


@dataclass(frozen=True, slots=True)
class Told:
    """A story, and the language that it is told in."""

    story: Story
    language: str


class _Ended(Exception):
    """The member ended it, or nobody came."""


@dataclass(slots=True)
class _Player:
    visitor: Visitor
    pace: Pace
    heard: asyncio.Queue[str | None]
    """What the member said; None when it has ended."""

    async def listen(self) -> None:
        """Take in what the member says, and tell her that it was read."""
        async for event in self.visitor.events:
            match event:
                case Message(is_mine=False, text=str() as text):
                    await self.visitor.read(event.reading.seq)
                    self.heard.put_nowait(text)
                case State() if event.state not in _GOES_ON:
                    break
        self.heard.put_nowait(None)

    async def say(self, texts: tuple[str, ...]) -> None:
        """Say one after the other, each after the time it takes to type."""
        for text in texts:
            await self.visitor.typing()
            await asyncio.sleep(min(self.pace.at_most, len(text) * self.pace.a_character))
            await self.visitor.say(text)

    async def answer(self, within: float) -> str:
        """All that the member says until she is quiet, or raise TimeoutError or _Ended."""
        async with asyncio.timeout(within):
            said = [await self._next()]
        with contextlib.suppress(TimeoutError):
            while True:
                async with asyncio.timeout(self.pace.quiet):
                    said.append(await self._next())
        return "\n".join(said)

    async def _next(self) -> str:
        text = await self.heard.get()
        if text is None:
            raise _Ended
        return text


async def play(address: str, conv: str, told: Told, *, allow_demo: bool, pace: Pace) -> None:
    """Begin the conversation `conv`, tell the story in it, and leave as the story has it.

    It also ends when the member ends it, when nobody accepts it, or when no answer comes twice.
    """
    async with Link(address) as link:
        organisation = await organisation_of(link)
        visitor = await Visitor.start(
            link, organisation, allow_demo=allow_demo, lang=told.language, conv=conv
        )
        player = _Player(visitor, pace, asyncio.Queue())
        listening = asyncio.create_task(player.listen())
        try:
            await visitor.tap(**told.story.taps)
            await visitor.leave(await _tell(player, told))
        except _Ended:
            pass
        finally:
            listening.cancel()
            visitor.close()


async def _tell(player: _Player, told: Told) -> str:
    """Go through the steps; returns how she leaves."""
    step, within = told.story.steps[FIRST], player.pace.accepted_within
    while True:
        await player.say(step.says[told.language])
        if step.ends:
            return step.ends
        try:
            answer = await player.answer(within)
        except TimeoutError:
            await player.say(told.story.unanswered[told.language])
            try:
                answer = await player.answer(player.pace.answered_within)
            except TimeoutError:
                return "leave"
        step = told.story.steps[step.after(answer, told.language)]
        within = player.pace.answered_within
