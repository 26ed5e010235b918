"""The member's side: signing in, unlocking, and conversations side by side."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Self

from havenlight.client.conversation import Conversation
from havenlight.client.errors import ProtocolBroken, SignInRefused
from havenlight.client.events import Event
from havenlight.client.link import Fields, Link
from havenlight.client.live import Kept, Live
from havenlight.client.organisation import read_page
from havenlight.client.token import Token
from havenlight.core.seal import manifest, phrase, wraps
from havenlight.core.seal.encoding import unb64
from havenlight.core.seal.errors import ManifestRefused
from havenlight.core.seal.keys import PrivateKey, public_of, sender_of

_SIGN_IN_PAGE = "/team/sign-in"
_DESK_PAGE = "/desk/"


class Member(AsyncIterator[Event]):
    """A member at the desk; as an iterator it gives the events of all her conversations."""

    def __init__(self, link: Link, csrf: str) -> None:
        self.id = ""
        self.sender = ""
        self._link = link
        self._csrf = csrf
        self._teams: dict[int, PrivateKey] = {}
        self._live = Live(link, Token(self._ask_token))

    @classmethod
    async def sign_in(cls, link: Link, email: str, password: str) -> Self:
        """Sign in through the form; `link` keeps cookies and is this member's own."""
        form = read_page(await link.page(_SIGN_IN_PAGE)).fields
        form |= {"username": email, "password": password, "next": _DESK_PAGE}
        found = read_page(await link.submit(_SIGN_IN_PAGE, form))
        if "data-csrf" not in found.data:
            raise SignInRefused("e-mail address and password do not go together")
        return cls(link, found.data["data-csrf"])

    async def unlock(self, words: str, organisation: bytes, *, allow_demo: bool = False) -> None:
        """Open her key and the team's with her phrase, and take up her open conversations.

        Raises ManifestRefused unless `organisation` vouches for her key and the team's, and
        SealBroken when the phrase is another.
        """
        keys = await self._link.get("/desk/keys")
        signed = manifest.verify(keys["manifest"], organisation, allow_demo=allow_demo)
        self.id = str(keys["member"])
        if signed.members.get(self.id) != unb64(keys["key"]):
            raise ManifestRefused("the organisation does not vouch for this member's key")
        mine = await self._open_own(keys, words)
        self.sender = sender_of(public_of(mine))
        for team in keys["teams"]:
            wrap, epoch = unb64(team["wrap"]), team["epoch"]
            self._teams[epoch] = wraps.unwrap_team(wrap, mine, self.id, epoch)
        await self._live.token.get()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        return await anext(self._live)

    @property
    def conversations(self) -> frozenset[str]:
        """The conversations that she is in."""
        return frozenset(self._live.conversations)

    async def accept(self, conv: str) -> None:
        """Take a waiting conversation; raises ServerRefused `taken` when another was first."""
        answer = await self._post(f"/desk/conversations/{conv}/accept")
        self._take_up(answer["conversation"])
        self._live.token.put(answer)
        self._live.stream.again()

    async def say(self, conv: str, text: str) -> Kept:
        """Seal and send; returns once it is on the server's disk. See Live.say."""
        return await self._live.say(conv, text)

    async def read(self, conv: str, seq: int) -> None:
        """Say that everything up to `seq` was read."""
        await self._live.post(conv, "r", {"seq": seq})

    async def typing(self, conv: str) -> None:
        """Say that she is typing."""
        await self._live.typing(conv)

    async def end(self, conv: str) -> None:
        """End a conversation."""
        await self._live.post(conv, "leave", {"how": "leave"})

    def close(self) -> None:
        """Read no more: the events end."""
        self._live.stream.close()

    def drop(self) -> None:
        """Lose the connection; reading on opens it again, and nothing is missed."""
        self._live.stream.again()

    async def _open_own(self, keys: Fields, words: str) -> PrivateKey:
        kdf = keys["kdf"]
        if kdf["name"] != phrase.KDF_NAME:
            raise ProtocolBroken("the phrase is stretched in a way that is not known")
        # Slow on purpose, so it must not hold up the other conversations of this process.
        kek = await asyncio.to_thread(phrase.kek, words, unb64(kdf["salt"]), kdf["iterations"])
        return wraps.unwrap_member(unb64(keys["wrap"]), kek, self.id)

    async def _ask_token(self) -> Fields:
        answer = await self._post("/desk/token")
        for conversation in answer["conversations"]:
            self._take_up(conversation)
        return answer

    async def _post(self, path: str) -> Fields:
        return await self._link.post(path, {}, {"X-CSRFToken": self._csrf})

    def _take_up(self, fields: dict[str, Any]) -> None:
        conv, epoch = fields["conv"], fields["epoch"]
        if conv in self._live.conversations:
            return
        key = wraps.unwrap_conversation(unb64(fields["wrap"]), self._teams[epoch], conv, epoch)
        self._live.conversations[conv] = Conversation(key, conv, self.sender)
