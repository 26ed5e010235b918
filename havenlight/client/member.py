"""The member's side: signing in, unlocking, and conversations side by side."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Self

from aiohttp import CookieJar
from aiohttp.abc import AbstractCookieJar

from havenlight.client.conversation import Conversation
from havenlight.client.errors import NotUnlocked, ProtocolBroken, SignInRefused
from havenlight.client.events import Event
from havenlight.client.link import Fields, Link
from havenlight.client.live import Kept, Live
from havenlight.client.organisation import read_page
from havenlight.client.token import Token
from havenlight.core.ids import new_id
from havenlight.core.seal import asides, manifest, phrase, wraps
from havenlight.core.seal.asides import About, Kind
from havenlight.core.seal.encoding import b64, unb64
from havenlight.core.seal.errors import ManifestRefused, SealBroken
from havenlight.core.seal.keys import PrivateKey, public_of, sender_of

_SIGN_IN_PAGE = "/team/sign-in"
_DESK_PAGE = "/desk/"


def cookie_jar() -> AbstractCookieJar:
    """Where the link of one member keeps its cookies, those of a bare address too."""
    return CookieJar(unsafe=True)


@dataclass(frozen=True, slots=True)
class OpenKeys:
    """What a phrase opened: who the member is, and the team's keys by epoch."""

    member: str
    sender: str
    teams: dict[int, PrivateKey]


class Member(AsyncIterator[Event]):
    """A member at the desk; as an iterator it gives the events of all her conversations.

    Made by `sign_in` and `unlock`. A second one, like another tab, takes the cookies of the first
    link, and its `csrf` and `keys`.
    """

    def __init__(self, link: Link, csrf: str, keys: OpenKeys | None = None) -> None:
        self.csrf = csrf
        self.keys = keys
        self._link = link
        self.offers: list[Fields] = []
        """What is offered to her and by her, as the last token came with it."""
        self._threads: dict[str, str] = {}
        self._live = Live(link, Token(self._ask_token))

    @classmethod
    async def sign_in(cls, link: Link, email: str, password: str) -> Self:
        """Sign in through the form; `link` is this member's own and keeps cookies."""
        form = read_page(await link.page(_SIGN_IN_PAGE)).fields
        form |= {"login": email, "password": password, "next": _DESK_PAGE}
        found = read_page(await link.submit(_SIGN_IN_PAGE, form))
        if "data-csrf" not in found.data:
            raise SignInRefused("e-mail address and password do not go together")
        return cls(link, found.data["data-csrf"])

    async def unlock(self, words: str, organisation: bytes, *, allow_demo: bool = False) -> None:
        """Open her key and the team's with her phrase.

        Raises ManifestRefused unless `organisation` vouches for her key and the team's, and
        SealBroken when the phrase is another.
        """
        sealed = await self._link.get("/desk/keys")
        signed = manifest.verify(sealed["manifest"], organisation, allow_demo=allow_demo)
        member = str(sealed["member"])
        if signed.members.get(member) != unb64(sealed["key"]):
            raise ManifestRefused("the organisation does not vouch for this member's key")
        mine = await _open_own(sealed, member, words)
        teams = {
            team["epoch"]: wraps.unwrap_team(unb64(team["wrap"]), mine, member, team["epoch"])
            for team in sealed["teams"]
        }
        self.keys = OpenKeys(member, sender_of(public_of(mine)), teams)

    async def take_up(self) -> None:
        """Open the conversations that she is in already, as after signing in again."""
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

    async def say(self, conv: str, text: str, card: Fields | None = None) -> Kept:
        """Seal and send; returns once it is on the server's disk. See Live.say."""
        return await self._live.say(conv, text, card)

    async def offer(self, conv: str, offers: list[Fields]) -> None:
        """Note that the visitor is asked about referrals: `{ref, recipient}` each."""
        await self._post(f"/desk/conversations/{conv}/offer", {"offers": offers})

    async def state_of_referral(self, conv: str, ref: str) -> str:
        """How a referral stands that she offered in a conversation."""
        found = await self._link.get(f"/desk/conversations/{conv}/referrals")
        return str(next(one["state"] for one in found["referrals"] if one["ref"] == ref))

    async def read(self, conv: str, seq: int) -> None:
        """Say that everything up to `seq` was read."""
        await self._live.post(conv, "r", {"seq": seq})

    async def typing(self, conv: str) -> None:
        """Say that she is typing."""
        await self._live.typing(conv)

    async def end(self, conv: str) -> None:
        """End a conversation."""
        await self._live.post(conv, "leave", {"how": "leave"})

    async def finish(self, conv: str) -> None:
        """Be done with a conversation that has ended."""
        await self._post(f"/desk/conversations/{conv}/finish")
        self._live.finished.add(conv)
        self._live.conversations.pop(conv, None)

    async def stand(self, standing: str) -> None:
        """Go "on" duty, have a "break" or go "off"."""
        await self._post("/desk/standing", {"standing": standing})

    async def hand_over(self, conv: str, to: str, reason: str) -> None:
        """Offer a conversation to a colleague who is on duty."""
        await self._post(f"/desk/conversations/{conv}/hand-over", {"to": to, "reason": reason})

    async def take_over(self, conv: str) -> None:
        """Take a conversation that a colleague offers; KeyError when nobody offers it to her."""
        offered = {one["conv"]: one["id"] for one in self.offers if not one["mine"]}
        answer = await self._post(f"/desk/hand-overs/{offered[conv]}/take")
        self._take_up(answer["conversation"])
        self._live.token.put(answer)
        self._live.stream.again()

    async def note(self, conv: str, text: str) -> None:
        """Keep a sealed note on the visitor of a conversation."""
        keys = self._open_keys()
        epoch = max(keys.teams)
        about = About(Kind.NOTE, new_id(), epoch, self._threads[conv])
        sealed = asides.seal(text, about, public_of(keys.teams[epoch]), int(time.time()) // 60)
        body = {"id": about.id, "epoch": epoch, "sealed": b64(sealed)}
        await self._post(f"/desk/conversations/{conv}/notes/keep", body)

    async def notes(self, conv: str) -> list[str]:
        """What colleagues wrote about the visitor of a conversation, oldest first."""
        keys = self._open_keys()
        found = (await self._post(f"/desk/conversations/{conv}/notes"))["notes"]
        return [
            asides.open_(
                unb64(one["sealed"]),
                About(Kind.NOTE, one["id"], one["epoch"], self._threads[conv]),
                keys.teams[one["epoch"]],
            )
            for one in found
        ]

    def close(self) -> None:
        """Read no more: the events end."""
        self._live.stream.close()

    def drop(self) -> None:
        """Lose the connection; reading on opens it again, and nothing is missed."""
        self._live.stream.again()

    async def _ask_token(self) -> Fields:
        answer = await self._post("/desk/token")
        for conversation in answer["conversations"]:
            self._take_up(conversation)
        self.offers = answer["offers"]
        return answer

    async def _post(self, path: str, body: Fields | None = None) -> Fields:
        return await self._link.post(path, body or {}, {"X-CSRFToken": self.csrf})

    def _open_keys(self) -> OpenKeys:
        if self.keys is None:
            raise NotUnlocked("what is sealed opens only after the phrase was given")
        return self.keys

    def _take_up(self, fields: Fields) -> None:
        keys = self._open_keys()
        conv, epoch = fields["conv"], fields["epoch"]
        self._threads[conv] = fields["thread"]
        if conv in self._live.conversations:
            return
        wrap, team = unb64(fields["wrap"]), keys.teams[epoch]
        try:
            key = wraps.unwrap_conversation(wrap, team, conv, epoch)
        except SealBroken:
            # Whatever one visitor sends, the others' conversations go on.
            return
        self._live.conversations[conv] = Conversation(key, conv, keys.sender)


async def _open_own(sealed: Fields, member: str, words: str) -> PrivateKey:
    kdf = sealed["kdf"]
    if kdf["name"] != phrase.KDF_NAME:
        raise ProtocolBroken("the phrase is stretched in a way that is not known")
    # Slow on purpose, so it must not hold up the other conversations of this process.
    kek = await asyncio.to_thread(phrase.kek, words, unb64(kdf["salt"]), kdf["iterations"])
    return wraps.unwrap_member(unb64(sealed["wrap"]), kek, member)
