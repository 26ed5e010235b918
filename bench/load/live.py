"""The load as visitors and members of Havenlight: envelopes, tokens, streams and posts."""

import asyncio
import json
import os
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from bench.load.plan import Pair, Plan
from bench.load.talk import MEMBER, VISITOR, Talk
from bench.load.wire import EventStream, Poster
from havenlight.core.seal.encoding import b64
from havenlight.core.seal.envelope import Place, Said, message_key, seal
from havenlight.core.seal.keys import VISITOR as VISITOR_SENDER

P = TypeVar("P", bound=asyncio.Protocol)

_TEXTS = (
    "Hi, I do not know where to begin.",
    "Take your time. Nobody else reads this, and you may stop whenever you want.",
    "He says that I owe him money for the room and the phone, and have to work for it.",
    "That sounds heavy. Are you safe where you are now?",
)


class LiveLine:
    """One conversation of Havenlight, from both sides."""

    def __init__(self, pair: Pair, posters: Sequence[Poster], messages_each: int) -> None:
        self._posters = posters
        self._requests = [_requests(pair, side, messages_each) for side in (VISITOR, MEMBER)]

    def send(self, side: int, number: int) -> bytes:
        """Post a message that was sealed before."""
        id_, request = self._requests[side][number]
        self._posters[side].post(id_, request)
        return id_


async def open_lines(plan: Plan, talk: Talk) -> None:
    """Open all streams and connections of `plan`, for `talk` to go over them."""
    streams = []
    for pair in plan.pairs:
        posters = [
            await _connect(port, lambda: Poster(talk.acknowledged))
            for port in (pair.visitor_port, pair.member_port)
        ]
        talk.add(LiveLine(pair, posters, plan.messages_each))
        streams.append(await open_stream(pair.visitor_port, pair.visitor_token, "v", talk))
    for port, token in plan.streams:
        streams.append(await open_stream(port, token, "c", talk))
    await asyncio.gather(*(stream.greeted.wait() for stream in streams))


async def open_visitors(pairs: list[Pair], talk: Talk) -> None:
    """Open the stream of each visitor, and wait until she was told the state."""
    streams = [
        await open_stream(pair.visitor_port, pair.visitor_token, "v", talk) for pair in pairs
    ]
    await asyncio.gather(*(stream.greeted.wait() for stream in streams))


async def open_stream(port: int, token: str, side: str, talk: Talk) -> EventStream:
    """Open the stream of a visitor ("v") or a member ("c")."""
    request = (
        f"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    ).encode()
    return await _connect(port, lambda: EventStream(request, side.encode(), talk.delivered))


async def _connect(port: int, protocol: Callable[[], P]) -> P:
    return (await asyncio.get_running_loop().create_connection(protocol, "127.0.0.1", port))[1]


def _requests(pair: Pair, side: int, count: int) -> list[tuple[bytes, bytes]]:
    sender, token, port = (
        (VISITOR_SENDER, pair.visitor_token, pair.visitor_port),
        (pair.sender, pair.member_token, pair.member_port),
    )[side]
    key = message_key(bytes.fromhex(pair.key), pair.conversation, sender)
    head = (
        f"POST /live/conv/{pair.conversation}/m HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Origin: http://127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    ).encode()
    requests = []
    for n in range(1, count + 1):
        place = Place(pair.conversation, sender, n, os.urandom(16).hex())
        said = Said(_TEXTS[n % len(_TEXTS)], (n, n), int(time.time() // 60))
        fields = {"id": place.id, "n": n, "env": b64(seal(said, place, key))}
        body = json.dumps(fields, separators=(",", ":")).encode()
        requests.append((place.id.encode(), b"%s%d\r\n\r\n%s" % (head, len(body), body)))
    return requests
