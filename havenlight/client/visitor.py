"""The visitor's side."""

from typing import Any, Self

from havenlight.client.conversation import Conversation
from havenlight.client.errors import Lost, ServerRefused
from havenlight.client.link import Fields, Link
from havenlight.client.live import Kept, Live
from havenlight.client.organisation import manifest_of
from havenlight.client.token import Token
from havenlight.client.waiting import pause
from havenlight.core.ids import new_id
from havenlight.core.seal import manifest, tab
from havenlight.core.seal.encoding import b64, unb64
from havenlight.core.seal.keys import VISITOR
from havenlight.core.seal.wraps import new_conversation_key, wrap_conversation


class Visitor:
    """One visitor in one conversation. `events` is read with `async for` or `anext`."""

    def __init__(self, link: Link, conv: str, secret: bytes) -> None:
        self.conv = conv
        self.secret = secret
        self._link = link
        self.events = Live(link, Token(self._ask_token))

    @classmethod
    async def start(
        cls,
        link: Link,
        organisation: bytes,
        *,
        allow_demo: bool = False,
        lang: str = "en",
        signed: str | None = None,
    ) -> Self:
        """Begin a conversation, which then waits to be accepted.

        Raises ManifestRefused unless `organisation` vouches for the team key, or when it is a
        demo's and that was not allowed. `signed` spares the page for who starts many.
        """
        epoch = manifest.verify(
            signed or await manifest_of(link), organisation, allow_demo=allow_demo
        )
        conv, key, secret = new_id(), new_conversation_key(), new_conversation_key()
        body = {
            "conv": conv,
            "epoch": epoch.epoch,
            "wrap": b64(wrap_conversation(key, epoch.team, conv, epoch.epoch)),
            "tab_key": b64(tab.credential(secret, conv)),
            "half": b64(tab.half(key, secret, conv)),
            "lang": lang,
        }
        visitor = cls(link, conv, secret)
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
        self.events.token.put(answer)
        self.events.conversations[self.conv] = Conversation(key, self.conv, VISITOR)

    async def _ask_token(self) -> Fields:
        body = {"conv": self.conv, "tab_key": b64(tab.credential(self.secret, self.conv))}
        return await self._link.post("/chat/token", body, {})

    async def _authorised(self, path: str, body: Fields) -> None:
        bearer = await self.events.token.get()
        await self._link.post(path, body, {"Authorization": f"Bearer {bearer}"})


async def _until_answered(link: Link, path: str, body: Fields) -> Fields:
    """The same body again is answered as the first time, so it may be sent until it is."""
    failures = 0
    while True:
        retry_after = None
        try:
            return await link.post(path, body, {})
        except Lost:
            pass
        except ServerRefused as refused:
            if not refused.is_passing:
                raise
            retry_after = refused.retry_after
        await pause(failures, at_least=retry_after)
        failures += 1
