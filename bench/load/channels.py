"""The load as two sides of a room of the peer, each with a WebSocket."""

import asyncio
import os
from collections.abc import Sequence

from bench.load.plan import Pair, Plan
from bench.load.talk import VISITOR, Talk
from bench.load.wire import WebSocket, websocket_text

# As long as a message of Havenlight: the id, and an envelope of one step in base64url.
_FILL = "A" * 380


class ChannelsLine:
    """One room, from both sides. A side's own message comes back to it: that is its answer."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._sent_by: dict[bytes, int] = {}
        self.sockets: Sequence[WebSocket] = ()

    def send(self, side: int, number: int) -> bytes:
        """Send a message into the room."""
        id_ = os.urandom(16).hex()
        self._sent_by[id_.encode()] = side
        text = f'{{"message": "{id_} {number} {_FILL}"}}'.encode()
        self.sockets[side].transport.write(websocket_text(text))
        return id_.encode()

    def found(self, side: int, id_: bytes) -> None:
        """A message came in on the WebSocket of `side`."""
        if self._sent_by[id_] == side:
            self._talk.acknowledged(id_)
        else:
            self._talk.delivered(id_)


async def open_lines(plan: Plan, talk: Talk) -> None:
    """Open both WebSockets of every room of `plan`, for `talk` to go over them."""
    lines = []
    for pair in plan.pairs:
        line = ChannelsLine(talk)
        line.sockets = [
            await open_socket(port, pair.conversation, line, side)
            for side, port in enumerate((pair.visitor_port, pair.member_port))
        ]
        talk.add(line)
        lines.append(line)
    await asyncio.gather(*(socket.greeted.wait() for line in lines for socket in line.sockets))


async def open_visitors(pairs: list[Pair], talk: Talk) -> None:
    """Open the WebSocket of each visitor, and wait until she is in her room."""
    sockets = [
        await open_socket(pair.visitor_port, pair.conversation, ChannelsLine(talk), VISITOR)
        for pair in pairs
    ]
    await asyncio.gather(*(socket.greeted.wait() for socket in sockets))


async def open_socket(port: int, room: str, line: ChannelsLine, side: int) -> WebSocket:
    """Open the WebSocket of one side of a room."""
    _, socket = await asyncio.get_running_loop().create_connection(
        lambda: WebSocket(f"/ws/{room}/", port, lambda id_: line.found(side, id_)),
        "127.0.0.1",
        port,
    )
    return socket
