"""What both sides do on the hot path: post until answered, and read one stream."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Self

from havenlight.client.conversation import Conversation, Entry
from havenlight.client.errors import Behind, Lost, ProtocolBroken, ServerRefused
from havenlight.client.events import Event, Message, Presence, Queue, ReadUpTo, State, Typing, Wait
from havenlight.client.link import Fields, Link
from havenlight.client.sse import Frame
from havenlight.client.stream import Stream
from havenlight.client.token import Token
from havenlight.client.waiting import pause
from havenlight.core.seal.reading import GapFound


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that is on the server's disk: its place in the log, and the minute."""

    seq: int
    at: int


class Live(AsyncIterator[Event]):
    """The conversations of one visitor or member, over one link.

    As an iterator it gives events for as long as it is asked. `anext` may be given up and taken
    up again without losing one.
    """

    def __init__(self, link: Link, token: Token) -> None:
        self.conversations: dict[str, Conversation] = {}
        self._link = link
        self.token = token
        self.stream = Stream(link, token, self._since)
        self.finished: set[str] = set()
        """Conversations that were let go of; what is still on its way of them is passed over."""
        self._turns: dict[str, asyncio.Lock] = {}

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        while True:
            frame = await anext(self.stream)
            try:
                event = self._event(frame)
            except (KeyError, TypeError) as error:
                raise ProtocolBroken(f"event {frame.name!r} lacks what it should have") from error
            if event:
                return event

    async def say(self, conv: str, text: str, card: dict[str, Any] | None = None) -> Kept:
        """Seal and send `text`; returns once it is on the server's disk.

        What an earlier call left behind when it was cancelled is sent first. Raises TextRefused,
        Behind, or ServerRefused for what is final.
        """
        conversation = self.conversations[conv]
        async with self._turns.setdefault(conv, asyncio.Lock()):
            conversation.say(text, card)
            while True:
                entry = conversation.outbox[0]
                kept = await self._keep(conversation, entry)
                if not conversation.outbox:
                    return kept

    async def post(self, conv: str, verb: str, body: Fields) -> Fields:
        """Post to a conversation until it is answered; raises ServerRefused for what is final."""
        path = f"/live/conv/{conv}/{verb}"
        failures, was_refused = 0, False
        while True:
            bearer = ""
            try:
                bearer = await self.token.get()
                return await self._link.post(path, body, {"Authorization": f"Bearer {bearer}"})
            except Lost:
                await pause(failures, at_least=None)
            except ServerRefused as refused:
                if refused.is_passing:
                    await pause(failures, at_least=refused.retry_after)
                elif refused.code == "token" and not was_refused:
                    was_refused = True
                    self.token.drop(bearer)
                else:
                    raise
            failures += 1

    async def typing(self, conv: str) -> None:
        """Say that this side is typing: once, since it is worth nothing later."""
        headers = {"Authorization": f"Bearer {await self.token.get()}"}
        await self._link.post(f"/live/conv/{conv}/t", {}, headers)

    async def _keep(self, conversation: Conversation, entry: Entry) -> Kept:
        try:
            answer = await self.post(conversation.conv, "m", entry.as_json())
        except ServerRefused as refused:
            conversation.outbox.clear()
            if refused.code == "n_used":
                raise Behind(f"message {entry.n} of this sender was written elsewhere") from refused
            raise
        conversation.answered(entry)
        return Kept(answer["seq"], answer["at"])

    def _since(self) -> str:
        held = (one for one in self.conversations.values() if one.seq)
        return ",".join(f"{one.conv}:{one.seq}" for one in held)

    def _event(self, frame: Frame) -> Event | None:
        if frame.name == "m":
            return self._message(frame.data)
        if frame.name == "g":
            self.token.expire()
            self.stream.again()
            return None
        read = _READERS.get(frame.name)
        # An event of a later version is passed over, as an unknown code would be.
        return read(**{name: frame.data[name] for name in read.__match_args__}) if read else None

    def _message(self, fields: Fields) -> Message | None:
        conversation = self.conversations.get(fields["conv"])
        if conversation is None and fields["conv"] in self.finished:
            return None
        if conversation is None:
            raise ProtocolBroken("a message of a conversation that the token does not name")
        try:
            return conversation.take(fields)
        except GapFound:
            self.stream.again()
            return None


_READERS: dict[str, Any] = {
    "s": State,
    "r": ReadUpTo,
    "a": Presence,
    "t": Typing,
    "q": Wait,
    "w": Queue,
}
