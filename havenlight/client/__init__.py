"""The protocol as a client speaks it (docs/protocol.md): visitor and member side, on asyncio.

    async with Link("http://127.0.0.1:8000") as link:
        organisation = await organisation_of(link)
        visitor = await Visitor.start(link, organisation, allow_demo=True)
        await visitor.say("hoi")
        async for event in visitor.events:
            ...

It seals for real and keeps nothing on disk. The benchmark, the fault tests and the practice
visitor use it; it knows nothing of the server but the protocol.
"""

from havenlight.client.errors import (
    Behind,
    Lost,
    NotUnlocked,
    ProtocolBroken,
    ServerRefused,
    SignInRefused,
    StreamEnded,
)
from havenlight.client.events import Event, Message, Presence, Queue, ReadUpTo, State, Typing, Wait
from havenlight.client.link import Link
from havenlight.client.member import Member, OpenKeys, cookie_jar
from havenlight.client.organisation import organisation_of
from havenlight.client.visitor import Back, Former, Visitor

__all__ = [
    "Back",
    "Behind",
    "Event",
    "Former",
    "Link",
    "Lost",
    "Member",
    "Message",
    "NotUnlocked",
    "OpenKeys",
    "Presence",
    "ProtocolBroken",
    "Queue",
    "ReadUpTo",
    "ServerRefused",
    "SignInRefused",
    "State",
    "StreamEnded",
    "Typing",
    "Visitor",
    "Wait",
    "cookie_jar",
    "organisation_of",
]
