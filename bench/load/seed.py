"""Makes conversations for a load, straight in the database of an installation that does not serve.

Runs in Django's shell, with the settings of that installation.
"""

import json
import secrets
import time
import uuid
from dataclasses import asdict

from django.conf import settings
from django.utils import timezone

from bench.load.plan import Pair
from havenlight.chat.models import Conversation, Thread
from havenlight.chat.states import State
from havenlight.core import tokens
from havenlight.core.seal import wraps
from havenlight.core.seal.keys import VISITOR
from havenlight.team.codes import Role
from havenlight.team.models import Member
from havenlight.team.queries import current_epoch


def show(count: int, a_member: int, ports: list[int]) -> None:
    """Make `count` conversations in progress, `a_member` of them with each member.

    Prints the pairs and the members' streams of a plan; visitors come to the first of `ports`,
    members to the last.
    """
    pairs: list[Pair] = []
    streams: list[tuple[int, str]] = []
    for first in range(0, count, a_member):
        member, sender = _new_member(first // a_member)
        made = [(uuid.uuid4(), wraps.new_conversation_key()) for _ in range(a_member)]
        _make_conversations([id_ for id_, _ in made], member)
        token = _token(member.pk.hex, sender, [id_.hex for id_, _ in made])
        streams.append((ports[-1], token))
        pairs += [
            Pair(
                conversation=id_.hex,
                visitor_port=ports[0],
                member_port=ports[-1],
                visitor_token=_token(id_.hex, VISITOR, [id_.hex]),
                member_token=token,
                sender=sender,
                key=key.hex(),
            )
            for id_, key in made
        ]
    print(json.dumps({"pairs": [asdict(pair) for pair in pairs], "streams": streams}))


def _new_member(number: int) -> tuple[Member, str]:
    member = Member.objects.create(
        email=f"counsellor-{number}@example.org", alias="Anna", role=Role.COUNSELLOR
    )
    return member, f"c:{secrets.token_hex(8)}"


def _make_conversations(ids: list[uuid.UUID], member: Member) -> None:
    epoch = current_epoch().number
    threads = Thread.objects.bulk_create([Thread() for _ in ids])
    now = timezone.now()
    Conversation.objects.bulk_create(
        Conversation(
            pk=id_,
            thread=thread,
            state=State.ACTIVE,
            language="nl",
            epoch=epoch,
            tab_check=secrets.token_bytes(32),
            counsellor=member,
            accepted_at=now,
        )
        for id_, thread in zip(ids, threads, strict=True)
    )


def _token(subject: str, sender: str, conversations: list[str]) -> str:
    granted = tokens.grant(subject, sender, conversations, settings.TOKEN_SECRET, time.time())
    return str(granted["token"])
