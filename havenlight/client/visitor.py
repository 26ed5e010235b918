"""The visitor's side."""

import asyncio
from dataclasses import dataclass
from typing import Any, Self

from havenlight.client.conversation import Conversation
from havenlight.client.errors import Lost, ServerRefused
from havenlight.client.events import Message
from havenlight.client.link import Fields, Link
from havenlight.client.live import Kept, Live
from havenlight.client.organisation import manifest_of
from havenlight.client.token import Token
from havenlight.client.waiting import pause
from havenlight.core import work
from havenlight.core.ids import new_id
from havenlight.core.seal import code, manifest, phrase, tab
from havenlight.core.seal.encoding import b64, unb64
from havenlight.core.seal.keys import VISITOR
from havenlight.core.seal.wraps import new_conversation_key, wrap_conversation


@dataclass(frozen=True, slots=True)
class Back:
    """How a visitor comes back: by the six words of her code.

    `wish` asks for the same counsellor, who answers when she can.
    """

    words: str
    wish: bool = False


@dataclass(frozen=True, slots=True)
class Former:
    """An earlier conversation: the minute it began, who answered, and what was said."""

    conv: str
    at: int
    alias: str | None
    messages: list[Message]


class Visitor:
    """One visitor in one conversation. `events` is read with `async for` or `anext`."""

    def __init__(self, link: Link, conv: str, secret: bytes) -> None:
        self.conv = conv
        self.secret = secret
        self._link = link
        self._key = b""
        self._code: code.Code | None = None
        self.events = Live(link, Token(self._ask_token))

    @classmethod
    async def start(  # noqa: PLR0913 -- all but two are rarely given
        cls,
        link: Link,
        organisation: bytes,
        *,
        allow_demo: bool = False,
        lang: str = "en",
        signed: str | None = None,
        back: Back | None = None,
        conv: str | None = None,
        letter: bool = False,
    ) -> Self:
        """Begin a conversation, which then waits to be accepted; a `letter` waits in no line.

        Raises ManifestRefused unless `organisation` vouches for the team key, or when it is a
        demo's and that was not allowed; ServerRefused as `unknown` when `back` opens nothing.
        `signed` spares the page for who starts many; `conv` is an id that was agreed before.
        """
        epoch = manifest.verify(
            signed or await manifest_of(link), organisation, allow_demo=allow_demo
        )
        conv, key, secret = conv or new_id(), new_conversation_key(), new_conversation_key()
        body: Fields = {
            "conv": conv,
            "epoch": epoch.epoch,
            "wrap": b64(wrap_conversation(key, epoch.team, conv, epoch.epoch)),
            "tab_key": b64(tab.credential(secret, conv)),
            "half": b64(tab.half(key, secret, conv)),
            "lang": lang,
        }
        if letter:
            body["letter"] = True
        visitor = cls(link, conv, secret)
        if back:
            visitor._code = await asyncio.to_thread(code.stretch, back.words, organisation)
            sealed = code.wrap(key, visitor._code.key, conv)
            lookup = b64(visitor._code.lookup)
            body["back"] = {"lookup": lookup, "wrap": b64(sealed), "wish": back.wish}
        visitor._take(await _until_answered(link, "/chat/start", body), key)
        return visitor

    @classmethod
    async def reload(cls, link: Link, conv: str, secret: bytes) -> Self:
        """Go on with a conversation as a tab does that was reloaded: from its secret alone.

        Its messages come again as events; read them before saying something.
        """
        visitor = cls(link, conv, secret)
        answer = await visitor._ask_token()
        visitor._take(answer, tab.half(unb64(answer["half"]), secret, conv))
        return visitor

    async def tap(self, **answers: Any) -> None:
        """Answer any of `for_whom`, `in_danger` and `under_18` while waiting."""
        await self._authorised("/chat/taps", answers)

    async def take_code(self, organisation: bytes, lang: str = "en") -> str:
        """Take a return code, and return its six words: nobody can tell them again."""
        words = phrase.new_phrase(lang)
        taken = await asyncio.to_thread(code.stretch, words, organisation)
        sealed = code.wrap(self._key, taken.key, self.conv)
        await self._authorised("/chat/code", {"lookup": b64(taken.lookup), "wrap": b64(sealed)})
        self._code = taken
        return words

    async def give_up_code(self) -> None:
        """Make the code worth nothing: neither a way back, nor what was said before."""
        await self._authorised("/chat/code", {})

    async def former(self) -> list[Former]:
        """What was said before, for who came back by her code; oldest first."""
        if self._code is None:
            return []
        found = (await self._authorised("/chat/former", {}))["conversations"]
        return [await self._former(fields, self._code.key) for fields in found]

    async def _former(self, fields: Fields, code_key: bytes) -> Former:
        key = code.unwrap(unb64(fields["wrap"]), code_key, fields["conv"])
        conversation = Conversation(key, fields["conv"], VISITOR)
        messages: list[Message] = []
        while conversation.seq < fields["last_seq"]:
            asked = {"conv": fields["conv"], "after": conversation.seq}
            page = (await self._authorised("/chat/former", asked))["messages"]
            if not page:
                break
            messages += filter(None, map(conversation.take, page))
        return Former(fields["conv"], fields["at"], fields["alias"], messages)

    async def say(self, text: str) -> Kept:
        """Seal and send; returns once it is on the server's disk. See Live.say."""
        return await self.events.say(self.conv, text)

    async def read(self, seq: int) -> None:
        """Say that everything up to `seq` was read."""
        await self.events.post(self.conv, "r", {"seq": seq})

    async def typing(self) -> None:
        """Say that she is typing."""
        await self.events.typing(self.conv)

    async def leave(self, how: str = "leave") -> None:
        """End it from this side, by "leave" or by "exit"."""
        await self.events.post(self.conv, "leave", {"how": how})

    def close(self) -> None:
        """Read no more: the events end."""
        self.events.stream.close()

    def drop(self) -> None:
        """Lose the connection, as phones do; reading on opens it again, and nothing is missed."""
        self.events.stream.again()

    def _take(self, answer: Fields, key: bytes) -> None:
        self._key = key
        self.events.token.put(answer)
        self.events.conversations[self.conv] = Conversation(key, self.conv, VISITOR)

    async def _ask_token(self) -> Fields:
        body = {"conv": self.conv, "tab_key": b64(tab.credential(self.secret, self.conv))}
        return await self._link.post("/chat/token", body, {})

    async def _authorised(self, path: str, body: Fields) -> Fields:
        bearer = await self.events.token.get()
        return await self._link.post(path, body, {"Authorization": f"Bearer {bearer}"})


async def _until_answered(link: Link, path: str, body: Fields) -> Fields:
    """The same body again is answered as the first time, so it may be sent until it is."""
    failures = 0
    headers: dict[str, str] = {}
    while True:
        retry_after = None
        try:
            return await link.post(path, body, headers)
        except Lost:
            pass
        except ServerRefused as refused:
            if not refused.is_passing:
                raise
            if refused.work and not headers:
                headers = {"X-Havenlight-Work": await asyncio.to_thread(work.do, **refused.work)}
                continue
            headers, retry_after = {}, refused.retry_after
        await pause(failures, at_least=retry_after)
        failures += 1
